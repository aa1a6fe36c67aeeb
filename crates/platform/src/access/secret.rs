//! Random secrets and what is stored of them.

use sha2::{Digest as _, Sha256};

use crate::hex::hex;
use crate::id::base32;

/// 256 random bits behind a prefix that tells what they open. Never printed by `Debug`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new secret.
    ///
    /// # Panics
    /// If the operating system has no random numbers: nothing is safe then.
    pub fn new(prefix: &str) -> Self {
        let mut words = [0_u8; 32];
        getrandom::fill(&mut words).expect("the operating system has random numbers");
        let text = words.chunks_exact(8).map(|bytes| {
            let (word, _) = bytes.split_first_chunk::<8>().expect("chunks of 8");
            base32(u64::from_le_bytes(*word))
        });
        Self(prefix.to_owned() + &text.collect::<String>())
    }

    /// Shows the secret: once, to whom it was made for.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// SHA-256 in hexadecimal. Looking a hash up in an index leaks nothing useful of a 256-bit secret by timing.
pub(super) fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// A pseudonym: `A` and 13 random characters.
pub(crate) fn new_pseudonym() -> String {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    format!("A{}", base32(u64::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_unique_and_hidden() {
        let (one, two) = (Secret::new("cs_"), Secret::new("cs_"));
        assert_ne!(one.reveal(), two.reveal());
        assert_eq!(one.reveal().len(), 3 + 52);
        assert_eq!(format!("{one:?}"), "Secret(..)");
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "FIPS 180-2, B.1"
        );
    }
}
