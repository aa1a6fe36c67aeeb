//! Parts of a picture, pixel by pixel: what masks and instances are painted with.
//!
//! Pixels are kept as runs, so comparing and combining takes time by the outlines and not by the area.

use std::ops::Range;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use crowdsmith_truth::shapes::Shape;
use serde_json::{Map, Value, json};

/// Runs of pixels in reading order, ascending, not touching each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Region(Vec<Range<u32>>);

/// A picture whose pixels belong to one of several layers, or to none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Painted {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// What each layer is called (two instances may be called the same), and its pixels.
    pub(crate) layers: Vec<(String, Region)>,
}

type Colour = [u8; 3];

impl Region {
    pub(crate) fn is_empty(&self) -> bool {
        self.pixels() == 0
    }

    fn pixels(&self) -> u64 {
        self.0.iter().map(|run| u64::from(run.end - run.start)).sum()
    }

    /// Adds a run behind all others.
    fn push(&mut self, run: Range<u32>) {
        match self.0.last_mut() {
            Some(last) if last.end == run.start => last.end = run.end,
            _ => self.0.push(run),
        }
    }

    fn intersection(&self, other: &Self) -> u64 {
        let (mut own, mut others) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut pixels = 0;
        while let (Some(one), Some(two)) = (own.peek(), others.peek()) {
            let (start, end) = (one.start.max(two.start), one.end.min(two.end));
            pixels += u64::from(end.saturating_sub(start));
            let next = if one.end < two.end { &mut own } else { &mut others };
            next.next();
        }
        pixels
    }
}

/// Of runs in order.
impl FromIterator<Range<u32>> for Region {
    fn from_iter<I: IntoIterator<Item = Range<u32>>>(runs: I) -> Self {
        let mut region = Self::default();
        runs.into_iter().for_each(|run| region.push(run));
        region
    }
}

impl Shape for Region {
    fn not_finite(&self) -> Option<f64> {
        None
    }

    /// Intersection over union; two regions without pixels are equal.
    fn similarity(&self, other: &Self) -> f64 {
        let both = self.intersection(other);
        let union = self.pixels() + other.pixels() - both;
        if union == 0 { 1.0 } else { both as f64 / union as f64 }
    }

    /// The pixels that at least half of the weight has.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let total: f64 = shapes.iter().map(|(_, weight)| weight).sum();
        let layers = shapes.iter().map(|(region, weight)| (*region, 0, *weight));
        let mut consensus = Self::default();
        sweep(layers, 1, |run, weights| {
            if weights[0] >= total / 2.0 - 1e-9 {
                consensus.push(run);
            }
        });
        consensus
    }
}

/// Hands over every run of pixels that lie in the same regions, with the weight of each of `layers` there; runs that no
/// region has are left out. Regions come with the layer that they speak for, and their weight.
fn sweep<'r>(
    regions: impl Iterator<Item = (&'r Region, usize, f64)>,
    layers: usize,
    mut take: impl FnMut(Range<u32>, &[f64]),
) {
    let mut ends: Vec<(u32, usize, f64, i32)> = Vec::new();
    for (region, layer, weight) in regions {
        for run in &region.0 {
            ends.extend([(run.start, layer, weight, 1), (run.end, layer, -weight, -1)]);
        }
    }
    ends.sort_unstable_by_key(|end| end.0);
    let (mut weights, mut open, mut from) = (vec![0.0; layers], 0, 0);
    for (place, layer, weight, step) in ends {
        if place > from && open > 0 {
            take(from..place, &weights);
        }
        weights[layer] += weight;
        open += step;
        from = place;
    }
}

/// The label that most weight gives to each pixel, and how much of the weight that is on average over the pixels that
/// anybody painted; 1 where nobody painted anything. `labels` are the layers' names in their order.
pub(crate) fn vote(pictures: &[(&Painted, f64)], labels: &[String]) -> (Painted, f64) {
    let total: f64 = pictures.iter().map(|(_, weight)| weight).sum();
    let layer = |label: &String| labels.iter().position(|known| known == label);
    let regions = pictures.iter().flat_map(|(picture, weight)| {
        let layers = picture.layers.iter();
        layers.filter_map(move |(label, region)| Some((region, layer(label)?, *weight)))
    });
    let mut layers: Vec<(String, Region)> =
        labels.iter().map(|label| (label.clone(), Region::default())).collect();
    let (mut painted, mut agreed) = (0.0, 0.0);
    sweep(regions, labels.len(), |run, weights| {
        let unpainted = total - weights.iter().sum::<f64>();
        let (best, most) = (weights.iter().copied().enumerate()).fold(
            (0, f64::NEG_INFINITY),
            |best, (layer, weight)| {
                if weight > best.1 + 1e-9 { (layer, weight) } else { best }
            },
        );
        let pixels = f64::from(run.end - run.start);
        painted += pixels;
        agreed += pixels * most.max(unpainted) / total;
        if most > unpainted + 1e-9 {
            layers[best].1.push(run);
        }
    });
    let (width, height) = pictures.first().map_or((0, 0), |(first, _)| (first.width, first.height));
    let share = if painted > 0.0 { agreed / painted } else { 1.0 };
    (Painted { width, height, layers }, share)
}

impl Painted {
    /// Width and height.
    pub(crate) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Reads a mask (`labelMappings`) or instances; `None` if the picture cannot be unpacked.
    pub(crate) fn read(answer: &Value) -> Option<Self> {
        let layers: Vec<(String, Colour)> =
            match answer.get("labelMappings").and_then(Value::as_object) {
                Some(mappings) => mappings
                    .iter()
                    .map(|(label, mapping)| Some((label.clone(), colour(mapping)?)))
                    .collect::<Option<_>>()?,
                None => answer
                    .get("instances")?
                    .as_array()?
                    .iter()
                    .map(|one| Some((one.get("label")?.as_str()?.to_owned(), colour(one)?)))
                    .collect::<Option<_>>()?,
            };
        let png = answer.get("labeledImage")?.get("pngImageData")?.as_str()?;
        unpack(&BASE64_STANDARD.decode(png).ok()?, layers)
    }

    /// The answer of a mask with these layers.
    pub(crate) fn write_mask(&self) -> Value {
        let mapping = |(place, (label, _)): (usize, &(String, Region))| {
            (label.clone(), json!({"color": hex(palette(place))}))
        };
        let mappings: Map<String, Value> = self.layers.iter().enumerate().map(mapping).collect();
        json!({
            "inputImageProperties": {"height": self.height, "width": self.width},
            "labelMappings": mappings,
            "labeledImage": {"pngImageData": self.pack()},
        })
    }

    /// The answer of instances with these layers; where two have a pixel, the later one has it. `entry` adds to each.
    pub(crate) fn write_instances(&self, entry: impl Fn(usize) -> Map<String, Value>) -> Value {
        let instance = |(place, (label, _)): (usize, &(String, Region))| {
            let mut instance = Map::new();
            instance.insert("color".into(), hex(palette(place)).into());
            instance.insert("label".into(), label.as_str().into());
            instance.extend(entry(place));
            Value::Object(instance)
        };
        let instances: Vec<Value> = self.layers.iter().enumerate().map(instance).collect();
        json!({
            "inputImageProperties": {"height": self.height, "width": self.width},
            "instances": instances,
            "labeledImage": {"pngImageData": self.pack()},
        })
    }

    /// A PNG of palette colours in base64; what no layer has is transparent white.
    fn pack(&self) -> String {
        let mut pixels = vec![0_u8; self.width as usize * self.height as usize];
        for (place, (_, region)) in self.layers.iter().enumerate() {
            for run in &region.0 {
                pixels[run.start as usize..run.end as usize].fill(place as u8 + 1);
            }
        }
        let colours = (0..self.layers.len()).flat_map(palette);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette([255; 3].into_iter().chain(colours).collect::<Vec<u8>>());
        encoder.set_trns(vec![0_u8]);
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&pixels).and_then(|()| writer.finish()));
        written.expect("writing to memory, with as many pixels as the header says");
        BASE64_STANDARD.encode(file)
    }
}

/// The pixels of each colour.
fn unpack(file: &[u8], layers: Vec<(String, Colour)>) -> Option<Painted> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width, reader.info().height);
    let colours: Vec<Colour> = layers.iter().map(|(_, colour)| *colour).collect();
    let mut regions = vec![Region::default(); layers.len()];
    let mut start = 0;
    let is_grey = reader.output_color_type().0 == png::ColorType::GrayscaleAlpha;
    while let Some(row) = reader.next_row().ok()? {
        if is_grey {
            let pixels = row.data().chunks_exact(2);
            let coloured: Vec<u8> =
                pixels.flat_map(|grey| [grey[0], grey[0], grey[0], grey[1]]).collect();
            add_row(&coloured, start, &colours, &mut regions);
        } else {
            add_row(row.data(), start, &colours, &mut regions);
        }
        start += width;
    }
    let layers = layers.into_iter().zip(regions).map(|((label, _), region)| (label, region));
    Some(Painted { width, height, layers: layers.collect() })
}

/// Adds the runs of a row of RGBA pixels, whose first has the place `start`.
fn add_row(row: &[u8], start: u32, colours: &[Colour], regions: &mut [Region]) {
    let mut rest = row.chunks_exact(4).enumerate().peekable();
    while let Some((from, pixel)) = rest.next() {
        let mut to = from + 1;
        while rest.next_if(|(_, next)| *next == pixel).is_some() {
            to += 1;
        }
        let layer = colours.iter().position(|colour| pixel[3] > 127 && *colour == pixel[..3]);
        if let Some(layer) = layer {
            regions[layer].push(start + from as u32..start + to as u32);
        }
    }
}

fn colour(entry: &Value) -> Option<Colour> {
    let digits = entry.get("color")?.as_str()?.strip_prefix('#')?;
    let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colours that Ground Truth gives first, in its order.
const FIRST: [Colour; 10] = [
    [0x1f, 0x77, 0xb4],
    [0xff, 0x7f, 0x0e],
    [0x2c, 0xa0, 0x2c],
    [0xd6, 0x27, 0x28],
    [0x94, 0x67, 0xbd],
    [0x8c, 0x56, 0x4b],
    [0xe3, 0x77, 0xc2],
    [0x7f, 0x7f, 0x7f],
    [0xbc, 0xbd, 0x22],
    [0x17, 0xbe, 0xcf],
];

/// The colour of a layer; all that are not among the first differ from them and from each other.
fn palette(place: usize) -> Colour {
    FIRST.get(place).copied().unwrap_or([
        (place * 47 % 256) as u8,
        (place * 101 % 256) as u8,
        place as u8,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(runs: &[(u32, u32)]) -> Region {
        runs.iter().map(|(start, end)| *start..*end).collect()
    }

    #[test]
    fn regions_by_hand() {
        let (one, two) = (region(&[(0, 4), (10, 12)]), region(&[(2, 6), (11, 12)]));
        assert_eq!(one.intersection(&two), 3);
        assert!((one.similarity(&two) - 3.0 / 8.0).abs() < 1e-12);
        let three = region(&[(0, 4)]);
        let consensus = Region::consensus(&[(&one, 1.0), (&two, 1.0), (&three, 1.0)]);
        assert_eq!(consensus, region(&[(0, 4), (11, 12)]));
    }

    #[test]
    fn a_mask_survives_its_picture() {
        let painted = Painted {
            width: 5,
            height: 3,
            layers: vec![
                ("sky".into(), region(&[(0, 7)])),
                ("sea".into(), region(&[(9, 10), (12, 15)])),
            ],
        };
        assert_eq!(Painted::read(&painted.write_mask()), Some(painted.clone()));
        assert_eq!(Painted::read(&painted.write_instances(|_| Map::new())), Some(painted));
    }

    #[test]
    fn most_workers_decide_on_a_pixel() {
        let labels = ["sky".to_owned(), "sea".to_owned()];
        let picture = |sky: (u32, u32), sea: (u32, u32)| Painted {
            width: 10,
            height: 1,
            layers: vec![("sky".into(), region(&[sky])), ("sea".into(), region(&[sea]))],
        };
        let pictures = [picture((0, 4), (4, 8)), picture((0, 5), (5, 8)), picture((0, 4), (4, 6))];
        let weighted: Vec<(&Painted, f64)> = pictures.iter().map(|one| (one, 1.0)).collect();
        let (result, share) = vote(&weighted, &labels);
        assert_eq!(result, picture((0, 4), (4, 8)));
        // Of eight pixels three (4, 6, 7) have two of three votes.
        assert!((share - (5.0 + 3.0 * 2.0 / 3.0) / 8.0).abs() < 1e-9, "{share}");
        let (_, share) = vote(&[(&picture((0, 0), (0, 0)), 1.0)], &labels);
        assert!((share - 1.0).abs() < 1e-12);
    }

    #[test]
    fn colours_of_layers_differ() {
        let colours: std::collections::HashSet<Colour> = (0..255).map(palette).collect();
        assert_eq!(colours.len(), 255);
    }
}
