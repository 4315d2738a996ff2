// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** Turns the samples of a PNG into red, green and blue as Pillow's {@code convert("RGB")} does: what is transparent shows. */
final class Png {

    private Png() {}

    static Bitmap decoded(String name, byte[] bytes) {
        return of(Reading.with("png", name, bytes, reader -> reader.read(0)));
    }

    // the raster as it is: its colour model would turn greys into others
    private static Bitmap of(BufferedImage image) {
        Raster raster = image.getRaster();
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                if (image.getColorModel() instanceof IndexColorModel palette) {
                    rgb[at] = (byte) palette.getRed(row[x]);
                    rgb[at + 1] = (byte) palette.getGreen(row[x]);
                    rgb[at + 2] = (byte) palette.getBlue(row[x]);
                } else {
                    for (int c = 0; c < 3; c++) {
                        int sample = row[x * bands + (bands < 3 ? 0 : c)];
                        rgb[at + c] = (byte) (wide ? narrow(sample, bands) : sample);
                    }
                }
            }
        }
        return new Bitmap(width, height, rgb);
    }

    // Pillow cuts off what grey of 16 bits has above 255, and takes the upper half of all else
    private static int narrow(int sample, int bands) {
        return bands == 1 ? Math.min(255, sample) : sample >> 8;
    }
}
