// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.lamella.base.Disk;

/** A decoded picture: red, green and blue of each pixel, 0 to 255, row after row from above. Immutable. */
public final class Bitmap {

    private final int width;
    private final int height;
    private final byte[] rgb;

    /** Takes the bytes as they are: three a pixel. */
    Bitmap(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * Returns the picture of the given numbers.
     *
     * @param rgb three a pixel, 0 to 255 as unsigned bytes; copied
     */
    public static Bitmap of(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "rgb must have 3 x " + width + " x " + height + " numbers; got " + rgb.length);
        }
        return new Bitmap(width, height, rgb.clone());
    }

    /** Returns the number of columns. */
    public int width() {
        return width;
    }

    /** Returns the number of rows. */
    public int height() {
        return height;
    }

    /**
     * Returns how bright a pixel is, 0 to 255.
     *
     * @param channel 0 red, 1 green, 2 blue
     */
    public int at(int x, int y, int channel) {
        return rgb[3 * (y * width + x) + channel] & 0xff;
    }

    /** Returns all numbers, three a pixel, row after row. */
    public byte[] rgb() {
        return rgb.clone();
    }

    byte[] shared() {
        return rgb;
    }

    /** Returns this picture in another size: bicubic, smoothed where it shrinks, Pillow's number for number. */
    public Bitmap resized(int columns, int rows) {
        return Resampling.BICUBIC.resized(this, columns, rows);
    }

    /** Returns this picture in another size by another filter. */
    public Bitmap resized(int columns, int rows, Resampling filter) {
        return filter.resized(this, columns, rows);
    }

    /**
     * Returns a piece of this picture; what lies outside of it is black.
     *
     * @param left the first column, may be negative
     * @param top the first row, may be negative
     */
    public Bitmap cut(int left, int top, int columns, int rows) {
        return on(new byte[3], left, top, columns, rows);
    }

    /** Returns this picture in the middle of a square of its longer side, in a colour. */
    public Bitmap squared(int red, int green, int blue) {
        int side = Math.max(width, height);
        byte[] colour = {(byte) red, (byte) green, (byte) blue};
        return width == height ? this : on(colour, -(side - width) / 2, -(side - height) / 2, side, side);
    }

    private Bitmap on(byte[] colour, int left, int top, int columns, int rows) {
        byte[] piece = new byte[Math.multiplyExact(3, Math.multiplyExact(columns, rows))];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = colour[i % 3];
        }
        int from = Math.max(0, left);
        int to = Math.min(width, left + columns);
        for (int y = Math.max(0, top); y < Math.min(height, top + rows) && from < to; y++) {
            System.arraycopy(
                    rgb, 3 * (y * width + from), piece, 3 * ((y - top) * columns + from - left), 3 * (to - from));
        }
        return new Bitmap(columns, rows, piece);
    }

    /** Returns this picture upright: the eight ways in which a camera may have been held. */
    Bitmap turned(int orientation) {
        if (orientation == 1) {
            return this;
        }
        boolean swapped = orientation >= 5;
        int columns = swapped ? height : width;
        int rows = swapped ? width : height;
        boolean mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean flipped = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        byte[] turned = new byte[rgb.length];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int fromX = swapped ? y : x;
                int fromY = swapped ? x : y;
                int sourceX = mirrored ? width - 1 - fromX : fromX;
                int sourceY = flipped ? height - 1 - fromY : fromY;
                System.arraycopy(rgb, 3 * (sourceY * width + sourceX), turned, 3 * (y * columns + x), 3);
            }
        }
        return new Bitmap(columns, rows, turned);
    }

    /** Returns this picture as a PNG file. */
    public byte[] png() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, at(x, y, 0) << 16 | at(x, y, 1) << 8 | at(x, y, 2));
            }
        }
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw Disk.unwritable("a picture", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bitmap that
                && width == that.width
                && height == that.height
                && Arrays.equals(rgb, that.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "bitmap of " + width + " x " + height;
    }
}
