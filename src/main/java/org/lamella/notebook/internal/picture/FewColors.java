// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns a picture into one of at most 256 colours, a byte a pixel: a chart has few, and its file shrinks to a third.
 * Shades are merged, evenly over the range, only as far as that needs; white stays white.
 */
final class FewColors {

    private static final int MOST = 256;
    private static final int[] LEVELS = {256, 128, 64, 32, 16, 6};

    private FewColors() {}

    static BufferedImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        for (int levels : LEVELS) {
            byte[] indices = new byte[pixels.length];
            Map<Integer, Integer> colors = indexed(pixels, indices, levels);
            if (colors.size() <= MOST) {
                BufferedImage few = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette(colors));
                few.getRaster().setDataElements(0, 0, width, height, indices);
                return few;
            }
        }
        throw new IllegalStateException("six levels a channel must give at most 216 colours");
    }

    // stops as soon as there are too many
    private static Map<Integer, Integer> indexed(int[] pixels, byte[] indices, int levels) {
        Map<Integer, Integer> colors = new HashMap<>();
        int before = pixels[0] ^ 1;
        int index = 0;
        for (int i = 0; i < pixels.length && colors.size() <= MOST; i++) {
            if (pixels[i] != before) {
                before = pixels[i];
                int color = merged(before, levels);
                index = colors.computeIfAbsent(color, unseen -> colors.size());
            }
            indices[i] = (byte) index;
        }
        return colors;
    }

    private static int merged(int rgb, int levels) {
        return shade(rgb >> 16 & 255, levels) << 16 | shade(rgb >> 8 & 255, levels) << 8 | shade(rgb & 255, levels);
    }

    private static int shade(int channel, int levels) {
        return levels == 256 ? channel : (channel * (levels - 1) + 127) / 255 * 255 / (levels - 1);
    }

    private static IndexColorModel palette(Map<Integer, Integer> colors) {
        byte[] red = new byte[colors.size()];
        byte[] green = new byte[colors.size()];
        byte[] blue = new byte[colors.size()];
        colors.forEach((color, index) -> {
            red[index] = (byte) (color >> 16);
            green[index] = (byte) (color >> 8);
            blue[index] = (byte) (int) color;
        });
        return new IndexColorModel(8, colors.size(), red, green, blue);
    }
}
