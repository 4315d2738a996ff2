// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.lamella.base.FormatException;

/** Opens a data file by its ending. */
final class DataFile {

    private DataFile() {}

    /** Reads a file ending in {@code .csv}, {@code .tsv}, {@code .tab} or {@code .jsonl}, each also with {@code .gz}. */
    static Grid read(Path path) {
        String name = fileName(path);
        String plain = withoutGz(name);
        String format = plain.substring(plain.lastIndexOf('.') + 1);
        return switch (format) {
            case "csv", "tsv", "jsonl" -> read(path, format);
            case "tab" -> tab(name, text(name, bytes(path)));
            default ->
                throw new IllegalArgumentException(
                        "file must end in .csv, .tsv, .tab or .jsonl (or one of these and .gz); got \"" + path + "\"");
        };
    }

    /** Reads a file in a format that a card names. */
    static Grid read(Path path, String format) {
        return parse(fileName(path), format, text(fileName(path), bytes(path)));
    }

    static Grid parse(String name, String format, String text) {
        return switch (format) {
            case "csv" -> Delimited.csv(name, text);
            case "tsv" -> Delimited.tsv(name, text);
            case "orange" -> Delimited.orange(name, text);
            case "jsonl" -> JsonLines.parse(name, text);
            default -> throw new IllegalArgumentException("format must be csv, tsv, orange or jsonl; got " + format);
        };
    }

    private static Grid tab(String name, String text) {
        return Delimited.looksLikeOrange(text) ? Delimited.orange(name, text) : Delimited.tsv(name, text);
    }

    /** Returns the bytes of a file, unpacked when its name ends in {@code .gz}. */
    static byte[] bytes(Path path) {
        try {
            byte[] bytes = Files.readAllBytes(path);
            if (!fileName(path).endsWith(".gz")) {
                return bytes;
            }
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return in.readAllBytes();
            }
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("[" + path + "] there is no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException("[" + path + "] cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns bytes as text; anything but UTF-8 is an error, a byte order mark is dropped. */
    static String text(String name, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new FormatException(
                    name,
                    String.format(
                            Locale.ROOT,
                            "bytes must be UTF-8; got 0x%02x at byte %d",
                            in.get(in.position()),
                            in.position()));
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static String fileName(Path path) {
        Path last = path.getFileName();
        return last == null ? path.toString() : last.toString();
    }

    private static String withoutGz(String name) {
        return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    }
}
