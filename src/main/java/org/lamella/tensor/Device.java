// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors live and are computed. New tensors go to {@link #best()}.
 *
 * @param type {@code cpu} or {@code cuda}
 * @param index which one of several, from 0; always 0 for the CPU
 */
public record Device(String type, int index) {

    private static final Pattern NAME = Pattern.compile("(cpu|cuda)(?::(\\d{1,3}))?");

    /** Checks type and index. */
    public Device {
        if (!type.equals("cpu") && !type.equals("cuda")) {
            throw new IllegalArgumentException("device must be cpu or cuda; got \"" + type + "\"");
        }
        if (index < 0 || (type.equals("cpu") && index != 0)) {
            throw new IllegalArgumentException("index of a " + type + " device must exist; got " + index);
        }
    }

    // found when first asked for, then the same for the whole process
    private static final class Best {
        static final Device DEVICE =
                find(System.getenv("LAMELLA_DEVICE") == null ? "" : System.getenv("LAMELLA_DEVICE"));
    }

    /**
     * Returns the device of this process: what the environment variable {@code LAMELLA_DEVICE} names ({@code cpu},
     * {@code cuda}, {@code cuda:1}), else the first CUDA device that the engine sees, else the CPU.
     */
    public static Device best() {
        return Best.DEVICE;
    }

    /** Returns the CPU. */
    public static Device cpu() {
        return new Device("cpu", 0);
    }

    static Device find(String wanted) {
        if (wanted.isBlank()) {
            return Torch.acceleratorCount() > 0 ? new Device("cuda", 0) : cpu();
        }
        Matcher name = NAME.matcher(wanted.strip());
        if (!name.matches()) {
            throw new IllegalArgumentException("LAMELLA_DEVICE must be cpu, cuda or cuda:N; got \"" + wanted + "\"");
        }
        String index = name.group(2);
        return new Device(name.group(1), index == null ? 0 : Integer.parseInt(index));
    }

    boolean isCpu() {
        return type.equals("cpu");
    }

    /** Returns the name as libtorch writes it: {@code cpu} or {@code cuda:0}. */
    @Override
    public String toString() {
        return isCpu() ? type : type + ":" + index;
    }
}
