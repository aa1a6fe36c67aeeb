//! The HTML of a template, read with its placeholders left blank.

use std::ops::Range;
use std::rc::Rc;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use crate::liquid::{Piece, PieceKind};

pub(crate) fn tokens(html: &str) -> impl Iterator<Item = Token<usize>> {
    let mut emitter = DefaultEmitter::new_with_span();
    // Scripts, styles and text areas hold text.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).map(|Ok(token)| token)
}

/// Stands for what is only known when the page is made.
pub(crate) const HOLE: char = '\u{1}';

/// A start or end tag.
#[derive(Debug)]
pub(crate) struct Tag {
    /// Lower case.
    pub(crate) name: String,
    pub(crate) is_end: bool,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) span: Range<usize>,
    pub(crate) blocks: Rc<[Block]>,
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    /// Without character references.
    pub(crate) value: String,
    pub(crate) at: usize,
    /// Whether a placeholder stands in it.
    pub(crate) is_dynamic: bool,
}

/// A block of Liquid around a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    number: usize,
    /// Which branch of an `if` or `case`.
    branch: usize,
    pub(crate) is_loop: bool,
}

/// The tags of a template in order, and what its scripts say.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    pub(crate) tags: Vec<Tag>,
    pub(crate) scripts: Vec<String>,
    /// What its style sheets say, and where.
    pub(crate) styles: Vec<(usize, String)>,
    /// Text between an `option`'s tags, by the number of its start tag.
    pub(crate) option_texts: Vec<(usize, String)>,
    /// Where the doctype ends, if the page begins with one.
    pub(crate) doctype_end: Option<usize>,
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// An attribute that is the same on every page.
    pub(crate) fn fixed(&self, name: &str) -> Option<&str> {
        self.attribute(name).filter(|found| !found.is_dynamic).map(|found| found.value.as_str())
    }

    /// Switches are on when present, except as `="false"`.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|found| found.value != "false")
    }

    pub(crate) fn is_repeated(&self) -> bool {
        self.blocks.iter().any(|block| block.is_loop)
    }

    pub(crate) fn is_conditional(&self) -> bool {
        self.blocks.iter().any(|block| !block.is_loop)
    }

    /// Whether both can be on one page.
    pub(crate) fn goes_with(&self, other: &Self) -> bool {
        self.blocks.iter().all(|own| {
            let same = other.blocks.iter().find(|block| block.number == own.number);
            same.is_none_or(|same| same.branch == own.branch)
        })
    }
}

impl Markup {
    /// `pieces` are those of `source`; places in `columns` are placeholders too.
    pub(crate) fn read(source: &str, pieces: &[Piece<'_>], columns: &[Range<usize>]) -> Self {
        let mut holes: Vec<Range<usize>> = columns.to_vec();
        let blank = blank(source, pieces, &mut holes);
        holes.sort_by_key(|hole| hole.start);
        let blocks = blocks(pieces);
        let mut markup = Self::default();
        let mut open = String::new();
        for token in tokens(&blank) {
            match token {
                Token::StartTag(tag) => {
                    open = text(&tag.name);
                    let mut attributes: Vec<Attribute> = tag
                        .attributes
                        .iter()
                        .map(|(name, value)| Attribute {
                            name: text(name),
                            value: text(&value.value),
                            at: value.span.start,
                            is_dynamic: touches(&holes, &(value.span.start..value.span.end)),
                        })
                        .collect();
                    attributes.sort_by_key(|attribute| attribute.at);
                    markup.tags.push(Tag {
                        name: open.clone(),
                        is_end: false,
                        attributes,
                        blocks: blocks_at(&blocks, tag.span.start),
                        span: tag.span.start..tag.span.end,
                    });
                }
                Token::EndTag(tag) => {
                    open.clear();
                    markup.tags.push(Tag {
                        name: text(&tag.name),
                        is_end: true,
                        attributes: Vec::new(),
                        blocks: blocks_at(&blocks, tag.span.start),
                        span: tag.span.start..tag.span.end,
                    });
                }
                Token::String(words) if open == "script" => markup.scripts.push(text(&words)),
                Token::String(words) if open == "style" => {
                    markup.styles.push((words.span.start, text(&words)));
                }
                Token::String(words) if open == "option" => {
                    markup.option_texts.push((markup.tags.len() - 1, text(&words)));
                }
                Token::Doctype(doctype) if markup.tags.is_empty() => {
                    markup.doctype_end = Some(doctype.span.end);
                }
                _ => {}
            }
        }
        markup
    }

    pub(crate) fn starts(&self) -> impl Iterator<Item = &Tag> {
        self.tags.iter().filter(|tag| !tag.is_end)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn touches(holes: &[Range<usize>], span: &Range<usize>) -> bool {
    let next = holes.partition_point(|hole| hole.end <= span.start);
    holes.get(next).is_some_and(|hole| hole.start < span.end)
}

/// The source with as many bytes, but outputs as holes and tags as spaces.
fn blank(source: &str, pieces: &[Piece<'_>], holes: &mut Vec<Range<usize>>) -> String {
    let mut blank = " ".repeat(source.len()).into_bytes();
    for piece in pieces {
        match piece.kind {
            PieceKind::Text(text) => {
                blank[piece.at..piece.at + text.len()].copy_from_slice(text.as_bytes());
            }
            PieceKind::Output(..) => holes.push(piece.at..piece.end),
            PieceKind::Tag { .. } => {
                // White space in a tag, nothing in an attribute: either way there is a hole.
                holes.push(piece.at..piece.end);
            }
        }
    }
    for piece in pieces.iter().filter(|piece| matches!(piece.kind, PieceKind::Output(..))) {
        blank[piece.at..piece.end].fill(HOLE as u8);
    }
    String::from_utf8_lossy(&blank).into_owned()
}

/// The blocks that are open from each tag of Liquid on.
fn blocks(pieces: &[Piece<'_>]) -> Vec<(usize, Rc<[Block]>)> {
    let mut open: Vec<Block> = Vec::new();
    let mut changes = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        let PieceKind::Tag { name, .. } = piece.kind else { continue };
        match name {
            "if" | "unless" | "case" => open.push(Block { number, branch: 0, is_loop: false }),
            "for" | "tablerow" => open.push(Block { number, branch: 0, is_loop: true }),
            "elsif" | "elseif" | "else" | "when" => {
                if let Some(block) = open.last_mut() {
                    block.branch += 1;
                }
            }
            "endif" | "endunless" | "endcase" | "endfor" | "endtablerow" => drop(open.pop()),
            _ => continue,
        }
        changes.push((piece.at, Rc::from(open.as_slice())));
    }
    changes
}

fn blocks_at(changes: &[(usize, Rc<[Block]>)], at: usize) -> Rc<[Block]> {
    let next = changes.partition_point(|(change, _)| *change <= at);
    next.checked_sub(1).map_or_else(|| Rc::from([]), |last| Rc::clone(&changes[last].1))
}
