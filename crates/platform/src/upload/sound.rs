//! What a recording sounds like: the Chromaprint fingerprint of its first two minutes, about eight numbers a second. It
//! survives another compression or loudness, and a start that is cut off; recordings shorter than three seconds have none.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use rusty_chromaprint::{Configuration, Fingerprinter, match_fingerprints};
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use super::content::unreadable;
use super::print::Print;
use crate::error::Result;

/// Seconds listened to.
const LISTENED: usize = 120;
/// Opus always decodes to this many samples a second.
const OPUS_RATE: u32 = 48_000;
/// Samples of the longest Opus packet (120 ms) for each channel.
const LONGEST_OPUS: usize = 5_760;
/// Numbers by which recordings are found.
const LANDMARKS: usize = 64;
/// Moments that two recordings must have in common, about three seconds.
const LEAST_IN_COMMON: usize = 24;
/// Bits of 32 that differ on average where two recordings are the same.
const MOST_DIFFERENT: f64 = 10.0;

/// Whether a container of films holds sound only; false if it cannot be read.
pub(super) fn is_all(file: &File) -> Result<bool> {
    let Some(format) = open(file)? else { return Ok(false) };
    let kinds = format.tracks().iter().map(|track| track.codec_params.as_ref());
    let is_sound = |params: Option<&_>| params.is_some_and(is_audio);
    Ok(!format.tracks().is_empty() && kinds.into_iter().all(is_sound))
}

fn is_audio(params: &symphonia::core::codecs::CodecParameters) -> bool {
    params.audio().is_some()
}

fn open(file: &File) -> Result<Option<Box<dyn FormatReader>>> {
    let mut own = file.try_clone().map_err(unreadable)?;
    own.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let stream = MediaSourceStream::new(
        Box::new(own),
        symphonia::core::io::MediaSourceStreamOptions::default(),
    );
    let probe = symphonia::default::get_probe();
    let (options, metadata) = (FormatOptions::default(), MetadataOptions::default());
    Ok(probe.probe(&Hint::new(), stream, options, metadata).ok())
}

/// What a recording, or the sound of a film, sounds like; `None` if it cannot be unpacked or is too short.
pub(super) fn print(file: &File) -> Result<Option<Print>> {
    let Some(mut format) = open(file)? else { return Ok(None) };
    let Some(track) = format.default_track(TrackType::Audio) else { return Ok(None) };
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let Some(mut listener) = parameters.and_then(Listener::new) else { return Ok(None) };
    let id = track.id;
    while let Ok(Some(packet)) = format.next_packet() {
        if packet.track_id == id && !listener.hear(&packet) {
            break;
        }
    }
    Ok(listener.finish().map(Print::Sound))
}

/// Unpacks packets and listens to them.
struct Listener {
    decoder: Decoder,
    printer: Option<Fingerprinter>,
    samples: Vec<i16>,
    /// Samples that are still listened to.
    left: usize,
}

enum Decoder {
    Opus { decoder: Box<opus_decoder::OpusDecoder>, channels: usize },
    Other(Box<dyn AudioDecoder>),
}

impl Listener {
    fn new(parameters: &AudioCodecParameters) -> Option<Self> {
        let decoder = if parameters.codec == CODEC_ID_OPUS {
            let channels = parameters.channels.as_ref().map_or(1, Channels::count);
            let decoder = Box::new(opus_decoder::OpusDecoder::new(OPUS_RATE, channels).ok()?);
            Decoder::Opus { decoder, channels }
        } else {
            let options = AudioDecoderOptions::default();
            Decoder::Other(
                symphonia::default::get_codecs().make_audio_decoder(parameters, &options).ok()?,
            )
        };
        Some(Self { decoder, printer: None, samples: Vec::new(), left: usize::MAX })
    }

    /// Listens to a packet; false once enough was heard. What cannot be unpacked is passed over.
    fn hear(&mut self, packet: &Packet) -> bool {
        let Some((rate, channels)) = self.unpack(packet) else { return true };
        if self.printer.is_none() {
            let mut printer = Fingerprinter::new(&Configuration::preset_test2());
            if printer.start(rate, channels as u32).is_err() {
                return false;
            }
            self.printer = Some(printer);
            self.left = LISTENED * rate as usize * channels;
        }
        if let Some(printer) = &mut self.printer {
            printer.consume(&self.samples);
        }
        self.left = self.left.saturating_sub(self.samples.len());
        self.left > 0
    }

    /// Unpacks a packet into `samples`, channel beside channel; answers rate and channels.
    fn unpack(&mut self, packet: &Packet) -> Option<(u32, usize)> {
        match &mut self.decoder {
            Decoder::Opus { decoder, channels } => {
                self.samples.resize(LONGEST_OPUS * *channels, 0);
                let count = decoder.decode(&packet.data, &mut self.samples, false).ok()?;
                self.samples.truncate(count * *channels);
                Some((OPUS_RATE, *channels))
            }
            Decoder::Other(decoder) => {
                let heard = decoder.decode(packet).ok()?;
                self.samples.resize(heard.samples_interleaved(), 0);
                heard.copy_to_slice_interleaved(&mut self.samples);
                Some((heard.spec().rate(), heard.spec().channels().count()))
            }
        }
    }

    fn finish(self) -> Option<Vec<u32>> {
        let mut printer = self.printer?;
        printer.finish();
        let moments = printer.fingerprint().to_vec();
        (!moments.is_empty()).then_some(moments)
    }
}

/// The numbers by which a recording is found: the upper halves of those in it (the lower bits change with the compression)
/// that are not held for long, as silence is; of these the ones whose scrambled value is least, so that recordings that have
/// much in common have many of these in common.
pub(super) fn landmarks(moments: &[u32]) -> Vec<u32> {
    let held = |place: usize| place > 0 && moments[place] == moments[place - 1];
    let telling =
        (0..moments.len()).filter(|place| !held(*place)).map(|place| moments[place] >> 16);
    let scrambled: BTreeSet<(u32, u32)> =
        telling.map(|moment| (moment.wrapping_mul(0x9E37_79B1).rotate_left(15), moment)).collect();
    scrambled.into_iter().take(LANDMARKS).map(|(_, moment)| moment).collect()
}

/// Whether two recordings sound the same over at least half of the shorter one.
pub(super) fn are_alike(one: &[u32], two: &[u32]) -> bool {
    let shorter = one.len().min(two.len());
    let configuration = Configuration::preset_test2();
    let Ok(segments) = match_fingerprints(one, two, &configuration) else { return false };
    let same = segments.iter().filter(|segment| segment.score < MOST_DIFFERENT);
    let in_common: usize = same.map(|segment| segment.items_count).sum();
    in_common >= LEAST_IN_COMMON.min(shorter) && 2 * in_common >= shorter
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn heard(bytes: &[u8]) -> (bool, Vec<u32>) {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("written");
        let moments = match print(&file).expect("read") {
            Some(Print::Sound(moments)) => moments,
            other => panic!("heard {other:?}"),
        };
        (is_all(&file).expect("read"), moments)
    }

    #[test]
    fn the_same_speech_sounds_the_same_in_other_files() {
        let (only, one) = heard(include_bytes!("../../tests/files/one.opus"));
        let (_, again) = heard(include_bytes!("../../tests/files/one-again.opus"));
        let (recorded_only, recorded) = heard(include_bytes!("../../tests/files/one.webm"));
        let (_, two) = heard(include_bytes!("../../tests/files/two.opus"));
        assert!(only && recorded_only);
        for same in [&again, &recorded] {
            assert!(are_alike(&one, same));
            let mine = landmarks(&one);
            let shared = landmarks(same).iter().filter(|mark| mine.contains(mark)).count();
            assert!(shared >= 4, "{shared} of {} landmarks", mine.len());
        }
        assert!(!are_alike(&one, &two));
    }

    #[test]
    fn a_film_is_not_all_sound_and_noise_is_no_recording() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(include_bytes!("../../tests/files/film.webm")).expect("written");
        assert!(!is_all(&file).expect("read"));
        let mut noise = tempfile::tempfile().expect("a file");
        noise.write_all(&[7; 4000]).expect("written");
        assert_eq!(print(&noise).expect("read"), None);
    }
}
