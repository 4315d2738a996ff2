// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.lamella.base.Listing;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What this process holds now: Java's heap, the whole process, open tensors. */
final class Memory implements Listing {

    @Override
    public Table table() {
        Runtime runtime = Runtime.getRuntime();
        StringColumn what = StringColumn.create("memory");
        StringColumn value = StringColumn.create("now");
        what.append("heap in use");
        value.append(text(runtime.totalMemory() - runtime.freeMemory()) + " of " + text(runtime.maxMemory()));
        what.append("whole process");
        value.append(field("VmRSS:"));
        what.append("most so far");
        value.append(field("VmHWM:"));
        what.append("machine");
        value.append(ofTheMachine() > 0 ? text(ofTheMachine()) : "unknown on this system");
        what.append("open tensors");
        value.append(tensors());
        return Table.create("memory", what, value);
    }

    /** Returns the machine's memory in bytes, 0 where it cannot be told. */
    static long ofTheMachine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    static String text(long bytes) {
        double mebibytes = bytes / 1048576.0;
        return mebibytes < 1024
                ? String.format(Locale.ROOT, "%.0f MiB", mebibytes)
                : String.format(Locale.ROOT, "%.1f GiB", mebibytes / 1024);
    }

    // Linux tells in its own file system; other systems are not asked
    private static String field(String name) {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return "unknown on this system";
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> text(Long.parseLong(line.replaceAll("\\D", "")) * 1024))
                    .findFirst()
                    .orElse("unknown on this system");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // the room of tensors is not below this one, so it is asked by name
    private static String tensors() {
        try {
            return String.valueOf(Class.forName("org.lamella.tensor.Torch")
                    .getMethod("liveTensors")
                    .invoke(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            return "unknown: " + e;
        }
    }

    @Override
    public String toString() {
        Runtime runtime = Runtime.getRuntime();
        return "heap " + text(runtime.totalMemory() - runtime.freeMemory()) + ", process " + field("VmRSS:")
                + ", open tensors " + tensors();
    }
}
