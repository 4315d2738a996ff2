// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the file that {@code torch.jit.save} would write for a module without parameters: a zip with the source of the
 * class and a pickle that makes one object of it.
 */
final class Archive {

    private static final String HEADER = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """;

    /** How many lines of the archive's source come before the first line of the author's. */
    static final int HEADER_LINES = (int) HEADER.lines().count();

    private static final Pattern SELF = Pattern.compile("(?m)^(def \\w+\\(self)(?=[,)])");

    private Archive() {}

    /** Returns the archive of a class whose methods are the given functions, written from column 0. */
    static byte[] of(String methods) {
        String typed = SELF.matcher(methods).replaceAll("$1: __torch__.M");
        // not String.indent, which would merge the line ends that carry the line numbers
        String source = HEADER + Pattern.compile("(?m)^(?=.)").matcher(typed).replaceAll("  ") + "\n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "archive/data.pkl", object());
            store(zip, "archive/code/__torch__.py", text(source));
            store(zip, "archive/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "archive/version", text("10\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    // pickle protocol 2: M.__new__(M) with the attribute training = True
    private static byte[] object() {
        byte[] name = text("training");
        byte[] length = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(name.length)
                .array();
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(0x80);
        pickle.write(2);
        pickle.writeBytes(text("c__torch__\nM\n)"));
        pickle.write(0x81);
        pickle.writeBytes(text("}(X"));
        pickle.writeBytes(length);
        pickle.writeBytes(name);
        pickle.write(0x88);
        pickle.writeBytes(text("ub."));
        return pickle.toByteArray();
    }

    private static byte[] text(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    // libtorch wants its entries uncompressed
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
