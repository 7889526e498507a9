//! Lessons on characters: which charset, who names it, and what does not fit.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[
    Lesson {
        rule: "encoding.charset",
        title: "Which bytes are which characters",
        seen: "A body is text, and something says in which charset: the header Content-Type, a byte order mark, the document itself, or the \
               rule for its kind. Where nothing says so it is guessed from the bytes, and the note says that.",
        why: "A network carries bytes; people read characters. Which bytes stand for which character is a convention, and both sides have to \
              use the same. Each character has a number (its code point, U+00E9 for é); a charset says how the number is written in bytes. \
              UTF-8 writes those up to 127 as one byte, which is ASCII, and the others as two to four.",
        worked: "é is U+00E9, in bits 000 1110 1001. Two bytes of UTF-8 have room for 11 bits:\n\n    110xxxxx 10xxxxxx\n    11000011 10101001   \
                 = c3 a9\n\n    in ISO 8859-1: e9, one byte\n    in UTF-16:     00 e9, two bytes",
        advice: "Nothing, where the label fits. Who writes a server lets it say the charset in every text (Content-Type: text/html; \
                 charset=utf-8), and saves its files in the same. Where the note says that it was guessed, nobody said it: do.",
    },
    Lesson {
        rule: "encoding.byte-order-mark",
        title: "A text begins with a byte order mark",
        seen: "The first bytes of a text are ef bb bf, ff fe or fe ff.",
        why: "They are the character U+FEFF, which nobody sees. In UTF-16 a character has two bytes (rare ones four), and the mark shows which \
              one comes first: fe ff or ff fe. In UTF-8 the order is fixed, and the mark only says \"this is UTF-8\". It counts for more than \
              what the header says.",
        worked: "    ef bb bf   UTF-8\n    ff fe      UTF-16, the low byte first\n    fe ff      UTF-16, the high byte first",
        advice: "Some programs take the mark for a part of the text: a name in the first line is not found then. In UTF-8 leave it out.",
    },
    Lesson {
        rule: "encoding.wrong-label",
        title: "The bytes are in another charset than the label says",
        seen: "Content-Type, or the document, names a charset, and the bytes do not fit it: bytes that are no UTF-8 are called UTF-8, or bytes \
               that are UTF-8 in every place are called ISO 8859-1.",
        why: "Somebody stored the text in one charset, and the server has another one in its settings. Whoever reads it by the label sees \
              question marks, or two letters in the place of one. That the bytes are in the other charset is a guess from the bytes: UTF-8 has so \
              strict a form that other text hardly ever has it by chance.",
        worked: "    fc is ü in ISO 8859-1. UTF-8 has no byte above f4: no character.\n    c3 bc is ü in UTF-8, and Ã¼ in ISO 8859-1.",
        advice: "Make both the same, best of all UTF-8: convert the file, or correct the label.",
    },
    Lesson {
        rule: "encoding.labels-disagree",
        title: "Two labels, two charsets",
        seen: "A byte order mark, the header Content-Type and the document itself can each name the charset of a text, and two of them name \
               different ones.",
        why: "A server has one charset in its settings for all files, and who wrote the document had another. Readers follow the byte order \
              mark first, then the header, and the document last: what it says itself does not count where the header says something. As \
              long as all characters are ASCII nobody sees it.",
        worked: "    byte order mark   ef bb bf                              counts most\n    Content-Type      text/html; charset=iso-8859-1\n    \
                 document          <meta charset=\"utf-8\">                counts least",
        advice: "Let all say the same, best of all UTF-8; or leave the charset out of the header, so that each document speaks for itself.",
    },
    Lesson {
        rule: "encoding.unknown-label",
        title: "A charset that there is not",
        seen: "Content-Type, or the document, names a charset by a label that the Encoding Standard has not.",
        why: "Often it is the name that a database or a programming language has for it (utf8mb4, ANSI), or a slip of the pen. Browsers pass \
              over a label that they do not know, and go on as if there were none: to what the document says, or to a guess.",
        worked: "    utf8mb4   MySQL's name     -> utf-8\n    ANSI      Windows' name    -> windows-1252, in western Europe\n    latin-1   Python's name    -> iso-8859-1, or latin1",
        advice: "Write the label as the registry has it: utf-8.",
    },
    Lesson {
        rule: "encoding.no-character",
        title: "Bytes that are no characters of the text's charset",
        seen: "A text says in which charset it is, most of it fits, and some bytes are no characters of it; or its last bytes are only the \
               beginning of one.",
        why: "Somebody counted bytes where characters were meant, and cut a text in the middle of one; or pieces of text in different charsets \
              were put together. Readers show U+FFFD, a question mark in a box, in such a place.",
        worked: "    47 72 c3 bc c3 9f   Grüß\n    cut behind 5 bytes: 47 72 c3 bc c3\n    c3 = 110 00011 says that one byte more follows, and none does.",
        advice: "Cut texts between characters, not between bytes. Look for the place where what comes from elsewhere is put in, and convert it there.",
    },
    Lesson {
        rule: "encoding.no-text",
        title: "What is called text is none",
        seen: "Content-Type says that a body is text, in a charset, and the body begins as a picture or an archive does, or has zero bytes, \
               which no text in that charset has.",
        why: "A server calls what it does not know by a type of its own choice, often text/plain or text/html. Browsers that are not forbidden \
              it look at the bytes and show the picture all the same; others show gibberish.",
        worked: "    47 49 46 38 39 61   GIF89a: an image/gif\n    89 50 4e 47         an image/png",
        advice: "Give the file its own type in the server's settings: image/gif, application/octet-stream.",
    },
    Lesson {
        rule: "encoding.percent",
        title: "Percent-encoding taken apart",
        seen: "A URL or a form has % and two hexadecimal digits in it.",
        why: "A URL consists of few characters, and some of them mean something (/, ?, &). All others are written as bytes: a per cent sign and \
              the two hexadecimal digits of each. Which bytes a character has is the matter of a charset again; today it is UTF-8. In forms, \
              and in the query that a form makes, a space is written as +.",
        worked: "    é = U+00E9 = c3 a9 in UTF-8 = %C3%A9\n    space      = 20              = %20, in forms +\n    % itself   = 25              = %25",
        advice: "Nothing is wrong with it. In a program let a library take URLs apart, and do it once: first at the separators, then each \
                 part from its percent signs. To write one, encode each value by itself, so that & and = within it do not end it.",
    },
    Lesson {
        rule: "encoding.percent-not-utf8",
        title: "Percent-encoded bytes that are no UTF-8",
        seen: "The bytes that stand percent-encoded in a URL or a form do not have the form of UTF-8.",
        why: "An old program used its own charset (ISO 8859-1 or windows-1252), or the bytes are no text at all. A server that expects UTF-8 \
              reads something else than was meant, or refuses. The characters that the note shows are a guess.",
        worked: "    %F6 = f6. UTF-8 has no byte above f4: no character.\n    In windows-1252 it is ö.",
        advice: "Have the client encode in UTF-8: %C3%B6.",
    },
    Lesson {
        rule: "encoding.percent-twice",
        title: "Percent-encoded twice",
        seen: "%25 with two hexadecimal digits after it: what becomes of it when it is decoded is percent-encoding again.",
        why: "%25 is the per cent sign. Something that was encoded already went through the same again: %20 became %2520. A server decodes \
              once, and sees %20 in the place of a space. It is as it should be where a whole URL is a value in another URL; that is why the \
              note says \"inferred\".",
        worked: "    space  ->  %20  ->  %2520\n    %2520  ->  %20  ->  space",
        advice: "Encode each value once, where it is put into the URL.",
    },
    Lesson {
        rule: "encoding.decoded-twice",
        title: "Text that was decoded twice",
        seen: "A text in valid UTF-8 has rows of characters like Ã¼ or â€™ that are, byte by byte in windows-1252, exactly the UTF-8 of a letter.",
        why: "Somebody read UTF-8 as if each byte were a character, and wrote those characters as UTF-8 again. Now the bytes and the label are \
              right, and the text is wrong: it was broken before it was sent. It is inferred: somebody may have meant to write just this.",
        worked: "    ü = U+00FC in UTF-8               c3 bc\n    read as windows-1252              Ã = U+00C3, ¼ = U+00BC\n    these in UTF-8                    c3 83 c2 bc",
        advice: "Look for the step where text comes in: a file, a database connection or an upload that is read in the wrong charset. \
                 To repair what was stored, write it as windows-1252 and read that as UTF-8.",
    },
];
