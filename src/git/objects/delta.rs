//! Deltas: an object written as what it copies from another one and what it adds.

/// The object that `delta` makes of `base`; none where the delta is damaged or meant for another base.
pub(super) fn apply(base: &[u8], mut delta: &[u8], largest: usize) -> Option<Vec<u8>> {
    if length(&mut delta)? != base.len() {
        return None;
    }
    let size = length(&mut delta)?;
    if size > largest {
        return None;
    }
    let mut out = Vec::with_capacity(size);
    while let Some(operation) = next(&mut delta) {
        if operation & 0x80 != 0 {
            let mut number = |bits: u8, count: usize| {
                (0..count).try_fold(0, |sum, at| {
                    let byte = if bits & (1 << at) == 0 { 0 } else { next(&mut delta)? };
                    Some(sum | usize::from(byte) << (8 * at))
                })
            };
            let from = number(operation & 0x0f, 4)?;
            let count = match number(operation >> 4 & 0x07, 3)? {
                0 => 0x1_0000,
                count => count,
            };
            out.extend_from_slice(base.get(from..from.checked_add(count)?)?);
        } else {
            let (new, rest) = delta.split_at_checked(usize::from(operation))?;
            if new.is_empty() {
                return None;
            }
            out.extend_from_slice(new);
            delta = rest;
        }
        if out.len() > size {
            return None;
        }
    }
    (out.len() == size).then_some(out)
}

fn next(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

/// A length in groups of seven bits, the lowest first.
fn length(bytes: &mut &[u8]) -> Option<usize> {
    let mut sum = 0usize;
    for shift in (0..usize::BITS - 7).step_by(7) {
        let byte = next(bytes)?;
        sum |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(sum);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delta_copies_and_adds() {
        // Base of 6, result of 7: copy 3 from 3, add "new", copy 1 from 0.
        let delta = [6, 7, 0x91, 3, 3, 3, b'n', b'e', b'w', 0x90, 1];
        assert_eq!(apply(b"abcdef", &delta, 100).unwrap(), b"defnewa");
    }

    #[test]
    fn any_bytes_make_an_object_or_none() {
        let whole = [6, 7, 0x91, 3, 3, 3, b'n', b'e', b'w', 0x90, 1];
        for end in 0..whole.len() {
            assert_eq!(apply(b"abcdef", &whole[..end], 100), None);
        }
        for at in 0..whole.len() {
            for byte in 0..=255 {
                let mut broken = whole;
                broken[at] = byte;
                apply(b"abcdef", &broken, 100);
            }
        }
        assert_eq!(apply(b"abcdef", &whole, 6), None, "larger than it may be");
        assert_eq!(apply(b"abcde", &whole, 100), None, "another base");
    }
}
