#!/bin/sh
# Speaks the messages of this example, with tasks.csv beside them. Needs espeak-ng and opus-tools.
# The last two get noise mixed in by node, so that there is something to be unsure of.
set -eu
cd "$(dirname "$0")"
mkdir -p sounds
echo 'task,sound' >tasks.csv
number=0
while IFS='|' read -r voice speed noise text; do
  number=$((number + 1))
  espeak-ng -v "$voice" -s "$speed" --stdout "$text" |
    node -e '
      const bytes = require("node:fs").readFileSync(0);
      let seed = 7;
      for (let at = 44; at + 1 < bytes.length; at += 2) {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        const loud = bytes.readInt16LE(at) + (seed / 2 ** 32 - 0.5) * Number(process.argv[1]);
        bytes.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(loud))), at);
      }
      bytes.writeUInt32LE(bytes.length - 8, 4);
      bytes.writeUInt32LE(bytes.length - 44, 40);
      process.stdout.write(bytes);' "$noise" |
    opusenc --quiet --bitrate 24 - "sounds/v$number.ogg"
  echo "v$number,sounds/v$number.ogg" >>tasks.csv
done <<'MESSAGES'
en-gb+f3|150|0|Hello, it is Ada from the bakery. Your order is ready, and we are open until six.
en-us+m3|155|0|I am on the bus. It is late, so please start the soup without me.
en-gb-scotland+m2|150|0|The plumber comes on Tuesday between nine and eleven. Somebody has to let him in.
en-us+f2|160|0|Could you send me the number of the man with the bees? I have lost it.
en-gb+m7|145|0|Your bicycle is repaired. It was the chain. That makes twenty-two fifty.
en-us+m1|150|0|I found your grey scarf. It was behind the piano.
en-gb+f2|150|9000|We are at the station, platform four, and we have all the tickets.
en-gb+m3|165|14000|Please call me back before noon. It is about the key to the boat house.
MESSAGES
