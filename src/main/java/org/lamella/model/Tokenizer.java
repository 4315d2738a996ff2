// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.base.Names;
import org.lamella.base.picture.Picture;
import org.lamella.data.Example;

/**
 * Turns texts into tokens by a model's tokenizer.json. Padding and truncation of the library are switched off: it pads
 * with the wrong id and cuts silently. Cutting is done here, pairs longest first, as Hugging Face does it.
 */
final class Tokenizer {

    private static final String FILE = "tokenizer.json";
    private static final int CHUNK = 1024;

    /** The library's tokenizer, some MiB of native memory that no collector frees: freed when nothing reaches this. */
    private static final class Library {
        private final HuggingFaceTokenizer tokenizer;

        Library(HuggingFaceTokenizer tokenizer) {
            this.tokenizer = tokenizer;
            CLEANER.register(this, tokenizer::close);
        }

        Encoding[] encodeEach(List<String> texts) {
            try {
                return tokenizer.batchEncode(written(texts), true, false);
            } finally {
                Reference.reachabilityFence(this);
            }
        }

        Encoding encodeBare(String text) {
            try {
                return tokenizer.encode(written(text), false, false);
            } finally {
                Reference.reachabilityFence(this);
            }
        }

        String decode(long[] ids, boolean skipSpecial) {
            try {
                return tokenizer.decode(ids, skipSpecial);
            } finally {
                Reference.reachabilityFence(this);
            }
        }

        Encoding encode(List<String> texts) {
            try {
                written(texts);
                return texts.size() == 1
                        ? tokenizer.encode(texts.get(0), true, false)
                        : tokenizer.encode(texts.get(0), texts.get(1), true, false);
            } finally {
                Reference.reachabilityFence(this);
            }
        }
    }

    private static List<String> written(List<String> texts) {
        texts.forEach(Tokenizer::written);
        return texts;
    }

    // on its way to the library half a character would spoil every other one of its text beyond the first plane
    private static String written(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw new IllegalArgumentException(String.format(
                        "text must be whole characters; got half of one, \\u%04x, at %d of \"%s\"; was it cut there?",
                        (int) text.charAt(i), i, Names.shortened(text)));
            }
        }
        return text;
    }

    private static final Cleaner CLEANER = Cleaner.create();

    private final Library library;
    private final int vocabulary;
    private final int types;

    private final List<Long> ends;
    private final Optional<Vision> vision;

    private Tokenizer(Library library, int vocabulary, int types, List<Long> ends, Optional<Vision> vision) {
        this.library = library;
        this.vocabulary = vocabulary;
        this.types = types;
        this.ends = ends;
        this.vision = vision;
    }

    private Tokenizer(Library library) {
        this(library, Integer.MAX_VALUE, Integer.MAX_VALUE, List.of(), Optional.empty());
    }

    static Tokenizer load(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            boolean vocabulary = Files.isRegularFile(folder.resolve("vocab.txt"))
                    || Files.isRegularFile(folder.resolve("vocab.json"))
                    || Files.isRegularFile(folder.resolve("spm.model"))
                    || Files.isRegularFile(folder.resolve("tokenizer.model"));
            String advice = vocabulary
                    ? "; found the vocabulary of a slow tokenizer: in Python, "
                            + "AutoTokenizer.from_pretrained(folder).save_pretrained(folder) writes it"
                    : "";
            throw new FormatException(FILE, "must be in the model's folder; found none" + advice);
        }
        try {
            HuggingFaceTokenizer library = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optPadding(false)
                    .optTruncation(false)
                    .build();
            return new Tokenizer(new Library(library));
        } catch (IOException e) {
            throw Disk.unreadable(FILE, e);
        } catch (RuntimeException e) {
            throw new FormatException(FILE, "must be a tokenizer of Hugging Face: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the tokenizer that a text is, which is as tokenizer.json has it.
     *
     * @param file where the text is from, for errors
     */
    static Tokenizer parse(String file, String json) {
        try (InputStream in = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
            HuggingFaceTokenizer library =
                    HuggingFaceTokenizer.newInstance(in, Map.of("padding", "false", "truncation", "false"));
            return new Tokenizer(new Library(library));
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        } catch (RuntimeException e) {
            throw new FormatException(file, "vocabulary must make a tokenizer of Hugging Face: " + e.getMessage(), e);
        }
    }

    /** Returns this tokenizer for a model: a token or a type that the model does not have is an error that names it. */
    Tokenizer within(Architecture architecture) {
        return within(architecture, List.of());
    }

    /** Returns this tokenizer for a model which some more tokens end. */
    Tokenizer within(Architecture architecture, List<Long> moreEnds) {
        List<Long> all = Stream.concat(architecture.ends().stream(), moreEnds.stream())
                .distinct()
                .toList();
        return new Tokenizer(library, architecture.vocabulary(), architecture.types(), all, architecture.vision());
    }

    /** Returns the token that ends an answer, if the model has one. */
    OptionalLong end() {
        return ends.stream().mapToLong(Long::longValue).findFirst();
    }

    /** Returns the tokens each of which ends what the model writes. */
    List<Long> ends() {
        return ends;
    }

    /**
     * Returns the tokens of each prompt and its answer, at most {@code limit} each, the token that ends an answer added.
     * The prompt alone says where the answer begins, as in the code of both papers' peers: its tokens are counted, and as
     * many of the whole are not the answer's.
     */
    List<Tokens> encodeAnswered(List<Example> examples, int limit) {
        List<Tokens> prompts = encode(
                examples.stream()
                        .map(e -> Example.of(e.texts().get(0), -1).pictures(e.pictures()))
                        .toList(),
                Integer.MAX_VALUE);
        List<Tokens> wholes = encode(
                examples.stream()
                        .map(e -> Example.of(e.texts().get(0) + e.answer().orElse(""), -1)
                                .pictures(e.pictures()))
                        .toList(),
                limit);
        List<Tokens> answered = new ArrayList<>(examples.size());
        for (int i = 0; i < examples.size(); i++) {
            Tokens whole = wholes.get(i);
            boolean ended = examples.get(i).answer().isPresent() && !ends.isEmpty();
            Tokens all = ended ? whole.ended(ends.get(0), text(ends.get(0)), limit) : whole;
            answered.add(
                    examples.get(i).answer().isPresent()
                            ? all.answeredFrom(prompts.get(i).length())
                            : all);
        }
        return List.copyOf(answered);
    }

    /** Returns the text of some tokens, special ones left out. */
    String decode(long[] ids) {
        return library.decode(ids, true);
    }

    /** Returns a token as the vocabulary has it. */
    String text(long id) {
        return library.decode(new long[] {id}, false);
    }

    /** Returns the tokens of a text that has its special tokens already, as a chat template writes it; none is added. */
    Tokens encodeBare(String text, List<Picture> pictures) {
        return seen(library.encodeBare(text), Example.of(text, -1).pictures(pictures), Integer.MAX_VALUE);
    }

    // a picture has as many places as its patches; only the texts after the last may be cut
    private Tokens seen(Encoding encoding, Example example, int limit) {
        if (vision.isEmpty()) {
            return known(cut(encoding, limit));
        }
        long mark = vision.get().mark();
        int places = vision.get().places();
        Tokens bare = known(cut(encoding, Integer.MAX_VALUE));
        int marks = (int) LongStream.range(0, bare.length())
                .filter(t -> bare.id((int) t) == mark)
                .count();
        int pictures = example.pictures().size();
        if (marks != pictures) {
            throw new IllegalArgumentException("prompt must have one " + text(mark) + " for each picture, " + pictures
                    + "; got " + marks + ": \""
                    + Names.shortened(example.texts().get(0)) + "\""
                    + (marks == 0
                            ? "; a task puts one there by format(PromptFormat.of(\"" + text(mark) + "\\n{prompt}\"))"
                            : ""));
        }
        Tokens whole = bare.repeating(mark, places);
        Tokens kept = whole.first(limit).seeing(example.pictures(), mark);
        if (kept.marks().length < marks * places) {
            throw new IllegalArgumentException("maxTokens must leave room for pictures, " + places
                    + " tokens each; got " + limit + " for " + whole.length() + " tokens");
        }
        return kept;
    }

    /** Returns the tokens of each example, at most {@code limit} each. */
    List<Tokens> encode(List<Example> examples, int limit) {
        List<Tokens> all = new ArrayList<>(examples.size());
        for (int start = 0; start < examples.size(); start += CHUNK) {
            List<Example> some = examples.subList(start, Math.min(start + CHUNK, examples.size()));
            Encoding[] encodings = encodings(some);
            for (int i = 0; i < encodings.length; i++) {
                all.add(seen(encodings[i], some.get(i), limit));
            }
        }
        return all;
    }

    // the library takes many pairs only in a class of the engine, which this room does not know: pairs go one by one
    private Encoding[] encodings(List<Example> examples) {
        if (examples.stream().allMatch(example -> example.texts().size() == 1)) {
            return library.encodeEach(
                    examples.stream().map(example -> example.texts().get(0)).toList());
        }
        return examples.stream().map(example -> library.encode(example.texts())).toArray(Encoding[]::new);
    }

    // libtorch would say "index out of range in self"
    private Tokens known(Tokens tokens) {
        for (int t = 0; t < tokens.length(); t++) {
            if (tokens.id(t) >= vocabulary) {
                throw new FormatException(
                        FILE,
                        "tokens must be numbered below " + vocabulary + ", the vocab_size of config.json; got \""
                                + tokens.text(t) + "\" with " + tokens.id(t));
            }
            if (types > 0 && tokens.type(t) >= types) {
                throw new IllegalArgumentException("texts must be single for a model with type_vocab_size " + types
                        + "; got a pair, which " + FILE + " gives type " + tokens.type(t));
            }
        }
        return tokens;
    }

    private static Tokens cut(Encoding encoding, int limit) {
        long[] ids = encoding.getIds();
        long[] types = encoding.getTypeIds();
        String[] texts = encoding.getTokens();
        if (ids.length <= limit) {
            return new Tokens(ids, types, List.of(texts), ids.length);
        }
        long[] special = encoding.getSpecialTokenMask();
        long[] sequence = encoding.getSequenceIds();
        int[] have = new int[2];
        int added = 0;
        for (int i = 0; i < ids.length; i++) {
            if (special[i] != 0) {
                added++;
            } else {
                have[sequence[i] == 1 ? 1 : 0]++;
            }
        }
        int[] keep = longestFirst(have[0], have[1], Math.max(0, limit - added));
        long[] keptIds = new long[keep[0] + keep[1] + added];
        long[] keptTypes = new long[keptIds.length];
        List<String> keptTexts = new ArrayList<>(keptIds.length);
        int[] seen = new int[2];
        int at = 0;
        for (int i = 0; i < ids.length; i++) {
            int which = sequence[i] == 1 ? 1 : 0;
            if (special[i] != 0 || seen[which]++ < keep[which]) {
                keptIds[at] = ids[i];
                keptTypes[at++] = types[i];
                keptTexts.add(texts[i]);
            }
        }
        return new Tokens(keptIds, keptTypes, keptTexts, ids.length);
    }

    /** Returns how many tokens of each text stay when the longer is cut first: the rule of Hugging Face tokenizers. */
    static int[] longestFirst(int first, int second, int room) {
        if (second == 0) {
            return new int[] {Math.min(first, room), 0};
        }
        int shorter = Math.min(first, second);
        int longer = Math.max(first, second);
        if (shorter + longer > room) {
            longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
            if (shorter + longer > room) {
                shorter = room / 2;
                longer = shorter + room % 2;
            }
        }
        return first <= second ? new int[] {shorter, longer} : new int[] {longer, shorter};
    }
}
