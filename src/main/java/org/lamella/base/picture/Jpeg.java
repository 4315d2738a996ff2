// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.awt.image.Raster;

/**
 * Turns the components of a JPEG into red, green and blue with libjpeg's tables, and CMYK as Pillow does it: Adobe's
 * inverted inks, without a profile.
 */
final class Jpeg {

    private static final int HALF = 1 << 15;

    private Jpeg() {}

    static Bitmap decoded(String name, byte[] bytes, Header header) {
        Raster raster = Reading.with("jpeg", name, bytes, reader -> reader.readRaster(0, null));
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                colour(header.colours(), row, x * bands, rgb, 3 * (y * width + x));
            }
        }
        return new Bitmap(width, height, rgb);
    }

    private static void colour(Header.Colours colours, int[] from, int at, byte[] rgb, int to) {
        switch (colours) {
            case GREY -> put(rgb, to, from[at], from[at], from[at]);
            case RGB -> put(rgb, to, from[at], from[at + 1], from[at + 2]);
            case YCC -> put(rgb, to, red(from, at), green(from, at), blue(from, at));
            case CMYK -> inks(rgb, to, from[at], from[at + 1], from[at + 2], from[at + 3]);
            case YCCK -> inks(rgb, to, 255 - red(from, at), 255 - green(from, at), 255 - blue(from, at), from[at + 3]);
        }
    }

    private static void put(byte[] rgb, int at, int red, int green, int blue) {
        rgb[at] = (byte) red;
        rgb[at + 1] = (byte) green;
        rgb[at + 2] = (byte) blue;
    }

    private static int red(int[] from, int at) {
        return clipped(from[at] + (fixed(1.40200) * (from[at + 2] - 128) + HALF >> 16));
    }

    private static int green(int[] from, int at) {
        int change = -fixed(0.34414) * (from[at + 1] - 128) + HALF - fixed(0.71414) * (from[at + 2] - 128);
        return clipped(from[at] + (change >> 16));
    }

    private static int blue(int[] from, int at) {
        return clipped(from[at] + (fixed(1.77200) * (from[at + 1] - 128) + HALF >> 16));
    }

    private static int fixed(double number) {
        return (int) (number * (1 << 16) + 0.5);
    }

    // inks come inverted: 255 is none
    private static void inks(byte[] rgb, int at, int cyan, int magenta, int yellow, int black) {
        put(rgb, at, inked(255 - cyan, black), inked(255 - magenta, black), inked(255 - yellow, black));
    }

    private static int inked(int ink, int paper) {
        int product = ink * paper + 128;
        return clipped(paper - ((product >> 8) + product >> 8));
    }

    private static int clipped(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
