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
import org.lamella.base.Disk;
import org.lamella.base.FormatException;

/** Opens a data file by its ending. */
final class DataFile {

    private DataFile() {}

    /** Reads a file ending in {@code .csv}, {@code .tsv}, {@code .tab} or {@code .jsonl}, each also with {@code .gz}, or Parquet. */
    static Grid read(Path path) {
        String plain = withoutGz(fileName(path));
        if (fileName(path).endsWith(".parquet")) {
            return Parquet.read(path);
        }
        String ending = plain.substring(plain.lastIndexOf('.') + 1);
        return switch (ending) {
            case "csv", "tsv", "tab", "jsonl" -> read(path, ending);
            default ->
                throw new IllegalArgumentException(
                        "file must end in .csv, .tsv, .tab, .jsonl (or one of these and .gz) or .parquet; got \"" + path
                                + "\"");
        };
    }

    /** Reads a file in a format that a card names, or {@code tab}: Orange's where the header says so, else TSV. */
    static Grid read(Path path, String format) {
        return parse(fileName(path), format, bytes(path));
    }

    /** Reads the bytes of a file, packed ones where its name ends in {@code .gz}. */
    static Grid parse(String name, String format, byte[] bytes) {
        String text = text(name, name.endsWith(".gz") ? unpacked(name, bytes) : bytes);
        return switch (format) {
            case "csv" -> Delimited.csv(name, text);
            case "tsv" -> Delimited.tsv(name, text);
            case "tab" -> Delimited.looksLikeOrange(text) ? Delimited.orange(name, text) : Delimited.tsv(name, text);
            case "orange" -> Delimited.orange(name, text);
            case "jsonl" -> JsonLines.parse(name, text);
            case "json" -> JsonLines.list(name, text);
            case "xml" -> XmlRecords.parse(name, text);
            case "dart" -> TripleSets.dart(name, text);
            case "scienceqa" -> ScienceQuestions.of(JsonLines.parse(name, text));
            default ->
                throw new IllegalArgumentException(
                        "format must be csv, tsv, tab, orange, jsonl, json, xml, dart or scienceqa; got " + format);
        };
    }

    /** Returns the name of a file without its ending. */
    static String title(Path path) {
        String plain = withoutGz(fileName(path));
        int dot = plain.lastIndexOf('.');
        return dot <= 0 ? plain : plain.substring(0, dot);
    }

    static byte[] bytes(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("[" + path + "] there is no such file", e);
        } catch (IOException e) {
            throw Disk.unreadable(path, e);
        }
    }

    private static byte[] unpacked(String name, byte[] bytes) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new FormatException(name, "bytes must be gzip; " + e.getMessage(), e);
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
