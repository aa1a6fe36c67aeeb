//! What a picture looks like, as 256 bits: a difference hash (Neal Krawetz, "Kind of Like That", 2013) on a grid of 17 x 16
//! cells. A bit says whether a cell is clearly brighter than the one to its left. Scaling, compression and small changes of colour
//! turn few of them.

use std::io::Cursor;

use image_webp::WebPDecoder;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::print::Print;
use crate::error::{Error, Result};

const COLUMNS: usize = 17;
const ROWS: usize = 16;
/// Pictures with more pixels are not unpacked, so that nobody knows what they look like.
const MOST_PIXELS: usize = 100_000_000;
/// Bytes that unpacking a picture may take.
const MOST_MEMORY: usize = 512 << 20;
/// Three of 255 levels of brightness: where a picture is even, less than that comes from compression.
const CLEARLY: u64 = 3 * 1000 * 256;
/// Pixels looked at along either side; of larger pictures, evenly spread ones.
const LOOKED_AT: usize = 1024;

/// What a picture looks like; `None` if it is too large to be unpacked, or too small. What is broken is refused.
pub(super) fn print(bytes: &[u8], content_type: &str) -> Result<Option<Print>> {
    let unpacked = match content_type {
        "image/jpeg" => jpeg(bytes).map_err(|error| error.to_string()),
        "image/png" => png(bytes).map_err(|error| error.to_string()),
        _ => webp(bytes).map_err(|error| error.to_string()),
    };
    let pixels = unpacked.map_err(|error| broken(content_type, &error))?;
    Ok(pixels
        .filter(|pixels| pixels.width >= COLUMNS && pixels.height >= ROWS)
        .map(|pixels| Print::Picture(pixels.bits())))
}

pub(super) fn broken(content_type: &str, error: &dyn std::fmt::Display) -> Error {
    Error::WrongType(format!(
        "the file begins like {content_type} but cannot be read as that: {error}"
    ))
}

/// An unpacked picture. Of each pixel's channels the first three are colours, or the first is grey.
struct Pixels {
    width: usize,
    height: usize,
    channels: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    /// One row of bits for each row of cells.
    fn bits(&self) -> [u16; ROWS] {
        let cells = self.cells();
        std::array::from_fn(|row| {
            let pairs = cells[row].windows(2);
            pairs.fold(0, |bits, pair| bits << 1 | u16::from(pair[1] > pair[0] + CLEARLY))
        })
    }

    /// The mean brightness of each cell.
    fn cells(&self) -> [[u64; COLUMNS]; ROWS] {
        let mut sums = [[(0_u64, 0_u64); COLUMNS]; ROWS];
        let step = |length: usize| length.div_ceil(LOOKED_AT);
        for y in (0..self.height).step_by(step(self.height)) {
            for x in (0..self.width).step_by(step(self.width)) {
                let cell = &mut sums[y * ROWS / self.height][x * COLUMNS / self.width];
                cell.0 += self.brightness(x, y);
                cell.1 += 1;
            }
        }
        sums.map(|row| row.map(|(sum, count)| 256 * sum / count.max(1)))
    }

    /// 0 to 1000 times 255 (the weights of ITU-R BT.601).
    fn brightness(&self, x: usize, y: usize) -> u64 {
        let at = (y * self.width + x) * self.channels;
        let value = |channel: usize| u64::from(self.bytes[at + channel]);
        if self.channels < 3 {
            1000 * value(0)
        } else {
            299 * value(0) + 587 * value(1) + 114 * value(2)
        }
    }
}

fn is_too_large(width: usize, height: usize) -> bool {
    width.saturating_mul(height) > MOST_PIXELS
}

fn jpeg(bytes: &[u8]) -> Result<Option<Pixels>, zune_jpeg::errors::DecodeErrors> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers()?;
    let Some(info) = decoder.info() else { return Ok(None) };
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    if is_too_large(width, height) {
        return Ok(None);
    }
    let bytes = decoder.decode()?;
    let channels = (bytes.len() / (width * height).max(1)).max(1);
    Ok(Some(Pixels { width, height, channels, bytes }))
}

fn png(bytes: &[u8]) -> Result<Option<Pixels>, png::DecodingError> {
    let limits = png::Limits { bytes: MOST_MEMORY };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    let size = reader.output_buffer_size().filter(|size| *size <= MOST_MEMORY);
    let Some(size) = size.filter(|_| !is_too_large(width, height)) else { return Ok(None) };
    let mut bytes = vec![0; size];
    let frame = reader.next_frame(&mut bytes)?;
    Ok(Some(Pixels { width, height, channels: frame.color_type.samples(), bytes }))
}

fn webp(bytes: &[u8]) -> Result<Option<Pixels>, image_webp::DecodingError> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes))?;
    decoder.set_memory_limit(MOST_MEMORY);
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    let size = decoder.output_buffer_size().filter(|size| *size <= MOST_MEMORY);
    let Some(size) = size.filter(|_| !is_too_large(width, height)) else { return Ok(None) };
    let mut bytes = vec![0; size];
    decoder.read_image(&mut bytes)?;
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    Ok(Some(Pixels { width, height, channels, bytes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of waves, as large as asked for, a little lighter or darker.
    fn waves(width: usize, height: usize, light: f64) -> Pixels {
        let bytes = (0..height).flat_map(|y| {
            (0..width).map(move |x| {
                let (x, y) = (x as f64 / width as f64, y as f64 / height as f64);
                (100.0 + light + 60.0 * (9.0 * x + 4.0 * y).sin() + 30.0 * (23.0 * y * x).cos())
                    as u8
            })
        });
        Pixels { width, height, channels: 1, bytes: bytes.collect() }
    }

    fn different(one: &Pixels, two: &Pixels) -> u32 {
        one.bits().iter().zip(two.bits()).map(|(one, two)| (one ^ two).count_ones()).sum()
    }

    #[test]
    fn scaling_and_lighting_change_little() {
        let picture = waves(640, 480, 0.0);
        assert!(different(&picture, &waves(320, 240, 0.0)) <= 8);
        assert!(different(&picture, &waves(1700, 1200, 20.0)) <= 8);
        let turned =
            Pixels { bytes: picture.bytes.iter().rev().copied().collect(), ..waves(640, 480, 0.0) };
        assert!(different(&picture, &turned) > 60);
    }
}
