// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds round numbers for an axis and writes them with as many decimals as their distance needs. */
final class Ticks {

    private static final double SLACK = 1e-9;

    private Ticks() {}

    /** Returns ticks at multiples of a round step; a step of 0 is chosen so that there are about as many as wanted. */
    static List<Axis.Tick> linear(double low, double high, int wanted, double givenStep) {
        double step = givenStep > 0 && (high - low) / givenStep <= 60 ? givenStep : step(high - low, wanted);
        List<Axis.Tick> ticks = new ArrayList<>();
        long first = (long) Math.ceil(low / step - SLACK);
        long last = (long) Math.floor(high / step + SLACK);
        for (long i = first; i <= last && ticks.size() <= 60; i++) {
            ticks.add(new Axis.Tick(i * step, label(i * step, step)));
        }
        return ticks;
    }

    /** Returns ticks at powers of ten, given and returned as exponents; between them where there are few. */
    static List<Axis.Tick> logarithmic(double low, double high) {
        int[] factors = high - low < 2 ? new int[] {1, 2, 5} : new int[] {1};
        int every = Math.max(1, (int) Math.ceil((high - low) / 8));
        List<Axis.Tick> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(low); power <= Math.ceil(high); power++) {
            for (int factor : factors) {
                double place = power + Math.log10(factor);
                if (place >= low - SLACK && place <= high + SLACK && power % every == 0) {
                    double value = factor * Math.pow(10, power);
                    ticks.add(new Axis.Tick(place, label(value, value)));
                }
            }
        }
        return ticks;
    }

    /** Returns the round step, 1, 2 or 5 times a power of ten, that comes nearest to as many ticks as wanted. */
    static double step(double span, int wanted) {
        double rough = span / Math.max(1, wanted);
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double lead = rough / power;
        return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
    }

    /** Returns the number as it stands beside an axis; a step of 0 means that there are no neighbours. */
    static String label(double value, double step) {
        if (Math.abs(value) < Math.abs(step) * SLACK || value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size >= 1e6 || size < 1e-4) {
            return trimmed(String.format(Locale.ROOT, "%.2e", value));
        }
        if (value == Math.rint(value) && (step == 0 || step == Math.rint(step))) {
            return String.valueOf((long) value);
        }
        int decimals = step == 0 ? 3 : Math.max(0, (int) Math.ceil(-Math.log10(step) - SLACK));
        return String.format(Locale.ROOT, "%." + Math.min(6, decimals) + "f", value);
    }

    // 2.00e-05 reads as 2e-5
    private static String trimmed(String scientific) {
        int e = scientific.indexOf('e');
        String mantissa = scientific.substring(0, e).replaceFirst("\\.?0+$", "");
        return mantissa + "e" + Integer.parseInt(scientific.substring(e + 1));
    }
}
