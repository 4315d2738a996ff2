// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import org.lamella.base.FormatException;

/** Java's own decoders, asked for one picture. */
final class Reading {

    /** What is asked of a decoder. */
    @FunctionalInterface
    interface Wish<T> {
        T of(ImageReader reader) throws IOException;
    }

    private Reading() {}

    /** Decodes a picture; what it lacks is an error with its name. */
    static <T> T with(String format, String name, byte[] bytes, Wish<T> wish) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        boolean[] early = new boolean[1];
        IIOReadWarningListener listener = (source, warning) -> early[0] |= warning.contains("remature end");
        try (ImageInputStream in =
                new javax.imageio.stream.MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.addIIOReadWarningListener(listener);
            reader.setInput(in, true, true);
            T decoded = wish.of(reader);
            if (early[0]) {
                throw new FormatException(name, "must be whole; its pixels end too early");
            }
            return decoded;
        } catch (IOException | RuntimeException e) {
            if (e instanceof FormatException known) {
                throw known;
            }
            throw new FormatException(
                    name, "must be a whole " + format.toUpperCase(java.util.Locale.ROOT) + "; " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }
}
