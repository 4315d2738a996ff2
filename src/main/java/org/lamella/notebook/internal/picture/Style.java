// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Colours: what a trace asks for, else the next of a set that people with any colour vision tell apart. */
final class Style {

    private static final List<String> SERIES =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C");
    private static final List<List<Object>> HEAT =
            List.of(List.of(0.0, "#00224E"), List.of(0.5, "#7D7C78"), List.of(1.0, "#FEE838"));
    private static final Pattern RGBA =
            Pattern.compile("rgba\\(\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*([0-9.]+)\\s*\\)");

    private Style() {}

    static String color(Map<String, Object> trace, int index) {
        String marker = Words.text(trace, "", "marker", "color");
        String color = marker.isEmpty() ? Words.text(trace, "", "line", "color") : marker;
        return color.isEmpty() || opacity(color) == 0 ? SERIES.get(index % SERIES.size()) : color;
    }

    /** Returns the colour of one bar or point, where a trace has a list of them. */
    static String color(Map<String, Object> trace, int index, int place) {
        List<?> colors = Words.list(trace, "marker", "color");
        return place < colors.size() && colors.get(place) instanceof String color ? color : color(trace, index);
    }

    static String series(int index) {
        return SERIES.get(index % SERIES.size());
    }

    /** Returns the colour without its transparency. */
    static String opaque(String color) {
        Matcher parts = RGBA.matcher(color);
        return parts.matches() ? "rgb(" + parts.group(1) + "," + parts.group(2) + "," + parts.group(3) + ")" : color;
    }

    static double opacity(String color) {
        Matcher parts = RGBA.matcher(color);
        return parts.matches() ? Double.parseDouble(parts.group(4)) : 1;
    }

    static List<?> heat(Map<String, Object> trace) {
        List<?> scale = Words.list(trace, "colorscale");
        return scale.size() < 2 ? HEAT : scale;
    }

    /** Returns the colour of a share 0 to 1 of a scale of stops such as {@code [0.5, "#7D7C78"]}. */
    static int[] along(List<?> scale, double share) {
        double place = Math.max(0, Math.min(1, share));
        for (int i = 1; i < scale.size(); i++) {
            double from = stop(scale.get(i - 1));
            double to = stop(scale.get(i));
            if (place <= to || i == scale.size() - 1) {
                double part = to > from ? Math.max(0, Math.min(1, (place - from) / (to - from))) : 0;
                int[] a = channels(scale.get(i - 1));
                int[] b = channels(scale.get(i));
                int[] mixed = new int[3];
                for (int c = 0; c < 3; c++) {
                    mixed[c] = (int) Math.round(a[c] + part * (b[c] - a[c]));
                }
                return mixed;
            }
        }
        return channels(scale.get(0));
    }

    static String hexadecimal(int[] channels) {
        return String.format("#%02X%02X%02X", channels[0], channels[1], channels[2]);
    }

    /** Returns black or white, whichever is read better on the colour. */
    static String readableOn(int[] channels) {
        double light = 0.2126 * linear(channels[0]) + 0.7152 * linear(channels[1]) + 0.0722 * linear(channels[2]);
        return light > 0.18 ? "#000000" : "#FFFFFF";
    }

    private static double linear(int channel) {
        return Math.pow(channel / 255.0, 2.2);
    }

    private static double stop(Object pair) {
        return pair instanceof List<?> list && !list.isEmpty() ? Words.number(list.get(0)) : 0;
    }

    private static int[] channels(Object pair) {
        String color = pair instanceof List<?> list && list.size() > 1 ? String.valueOf(list.get(1)) : "";
        if (!color.matches("#[0-9A-Fa-f]{6}")) {
            return new int[] {128, 128, 128};
        }
        int rgb = Integer.parseInt(color.substring(1), 16);
        return new int[] {rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255};
    }
}
