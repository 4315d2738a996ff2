// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns a picture into one of at most 256 colours, a byte a pixel: its file shrinks to a third. The most frequent colours
 * stay as they are; the others, which soften edges and letters, become the nearest of them.
 */
final class FewColors {

    private static final int MOST = 256;

    private FewColors() {}

    static BufferedImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        int[] palette = mostFrequent(pixels);
        Map<Integer, Integer> nearest = new HashMap<>();
        byte[] indices = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            // neighbours are mostly alike
            indices[i] = i > 0 && pixels[i] == pixels[i - 1]
                    ? indices[i - 1]
                    : (byte) (int) nearest.computeIfAbsent(pixels[i], color -> nearest(color, palette));
        }
        BufferedImage few = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model(palette));
        few.getRaster().setDataElements(0, 0, width, height, indices);
        return few;
    }

    private static int[] mostFrequent(int[] pixels) {
        Map<Integer, int[]> counts = new HashMap<>();
        Arrays.stream(pixels).forEach(color -> counts.computeIfAbsent(color, unseen -> new int[1])[0]++);
        List<Map.Entry<Integer, int[]>> sorted = counts.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<Integer, int[]> entry) -> -entry.getValue()[0])
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST)
                .toList();
        return sorted.stream().mapToInt(Map.Entry::getKey).toArray();
    }

    private static int nearest(int color, int[] palette) {
        return IntStream.range(0, palette.length)
                .boxed()
                .min(Comparator.comparingInt(i -> distance(color, palette[i])))
                .orElse(0);
    }

    private static int distance(int a, int b) {
        int red = (a >> 16 & 255) - (b >> 16 & 255);
        int green = (a >> 8 & 255) - (b >> 8 & 255);
        int blue = (a & 255) - (b & 255);
        return red * red + green * green + blue * blue;
    }

    private static IndexColorModel model(int[] palette) {
        byte[] red = new byte[palette.length];
        byte[] green = new byte[palette.length];
        byte[] blue = new byte[palette.length];
        for (int i = 0; i < palette.length; i++) {
            red[i] = (byte) (palette[i] >> 16);
            green[i] = (byte) (palette[i] >> 8);
            blue[i] = (byte) palette[i];
        }
        return new IndexColorModel(8, palette.length, red, green, blue);
    }
}
