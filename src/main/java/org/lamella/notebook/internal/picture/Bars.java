// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All bars of a figure: side by side, stacked, or over each other, standing or lying. */
final class Bars {

    /** Where one bar stands: its value on the axis of names, and from where to where it reaches on the other. */
    private record Bar(
            Map<String, Object> trace, int traceIndex, int index, Object place, double from, double to, int slot) {}

    private final List<Bar> bars;
    private final int slots;
    private final double room;

    private Bars(List<Bar> bars, int slots, double room) {
        this.bars = bars;
        this.slots = slots;
        this.room = room;
    }

    static Bars of(List<Map<String, Object>> traces, String mode) {
        List<Bar> bars = new ArrayList<>();
        Set<String> slots = new LinkedHashSet<>();
        Map<Object, Double> highest = new HashMap<>();
        Map<Object, Double> lowest = new HashMap<>();
        List<Object> places = new ArrayList<>();
        double gap = 0.8;
        for (int t = 0; t < traces.size(); t++) {
            Map<String, Object> trace = traces.get(t);
            if (!"bar".equals(trace.get("type"))) {
                continue;
            }
            gap = Words.number(trace, gap, "whole");
            boolean alone = mode.equals("group");
            String slot = alone ? Words.text(trace, "trace " + t, "offsetgroup") : "all";
            slots.add(slot);
            int slotIndex = List.copyOf(slots).indexOf(slot);
            boolean lying = SvgPicture.lying(trace);
            List<?> heights = Words.list(trace, lying ? "x" : "y");
            List<?> names = SvgPicture.orPlaces(Words.list(trace, lying ? "y" : "x"), heights.size());
            places.addAll(names);
            for (int i = 0; i < Math.min(names.size(), heights.size()); i++) {
                double height = Words.number(heights.get(i));
                if (!Double.isFinite(height) || names.get(i) == null) {
                    continue;
                }
                Object name = names.get(i);
                Map<Object, Double> tops = height < 0 ? lowest : highest;
                boolean stacked = mode.equals("stack") || mode.equals("relative");
                double from = stacked ? tops.getOrDefault(name, 0.0) : 0;
                tops.put(name, from + height);
                bars.add(new Bar(trace, t, i, name, from, from + height, slotIndex));
            }
        }
        boolean named = places.stream().anyMatch(String.class::isInstance);
        return new Bars(bars, Math.max(1, slots.size()), (named ? 1 : Axis.slot(places)) * gap);
    }

    /** Returns how far bars and their intervals reach. */
    List<Object> reach() {
        List<Object> ends = new ArrayList<>();
        for (Bar bar : bars) {
            String side = SvgPicture.lying(bar.trace()) ? "x" : "y";
            ends.add(bar.to());
            double above = Whiskers.above(bar.trace(), side, bar.index());
            double below = Whiskers.below(bar.trace(), side, bar.index());
            ends.add(bar.to() + (Double.isFinite(above) ? above : 0));
            ends.add(bar.to() - (Double.isFinite(below) ? below : 0));
        }
        return ends;
    }

    void draw(Svg svg, Axis across, Axis up) {
        for (Bar bar : bars) {
            boolean lying = SvgPicture.lying(bar.trace());
            Axis names = lying ? up : across;
            Axis heights = lying ? across : up;
            double place = names.place(bar.place());
            double width = room / slots;
            double start = names.pixel(place - room / 2 + width * bar.slot());
            double end = names.pixel(place - room / 2 + width * (bar.slot() + 1));
            double thin = Math.abs(end - start) * 0.04 * Math.signum(end - start);
            double floor = bar.from() == 0 ? heights.floor() : heights.at(bar.from());
            double top = heights.at(bar.to());
            String color = Style.color(bar.trace(), bar.traceIndex(), bar.index());
            double opacity = Words.number(bar.trace(), 1, "opacity") * Style.opacity(color);
            if (lying) {
                svg.rectangle(floor, start + thin, top - floor, end - start - 2 * thin, Style.opaque(color), opacity);
            } else {
                svg.rectangle(start + thin, top, end - start - 2 * thin, floor - top, Style.opaque(color), opacity);
            }
            whisker(svg, bar, (start + end) / 2, heights, lying);
        }
    }

    private static void whisker(Svg svg, Bar bar, double middle, Axis heights, boolean lying) {
        String side = lying ? "x" : "y";
        double above = Whiskers.above(bar.trace(), side, bar.index());
        double below = Whiskers.below(bar.trace(), side, bar.index());
        if (!Double.isFinite(above) || !Double.isFinite(below)) {
            return;
        }
        double low = heights.at(bar.to() - below);
        double high = heights.at(bar.to() + above);
        String path = lying
                ? Svg.point('M', low, middle)
                        + Svg.point('L', high, middle)
                        + Svg.point('M', low, middle - 4)
                        + Svg.point('L', low, middle + 4)
                        + Svg.point('M', high, middle - 4)
                        + Svg.point('L', high, middle + 4)
                : Svg.point('M', middle, low)
                        + Svg.point('L', middle, high)
                        + Svg.point('M', middle - 4, low)
                        + Svg.point('L', middle + 4, low)
                        + Svg.point('M', middle - 4, high)
                        + Svg.point('L', middle + 4, high);
        svg.path(path, "", 1, Svg.INK, 1.5, "");
    }
}
