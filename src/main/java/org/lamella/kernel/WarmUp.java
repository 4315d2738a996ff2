// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

/** Loads Tablesaw in the background, if it is there: its first table takes a second, which then nobody waits for. */
final class WarmUp {

    private WarmUp() {}

    @SuppressWarnings("ThreadPriorityCheck") // only speed hangs on it: cells go first
    static void start(ClassLoader loader) {
        Thread thread = new Thread(() -> run(loader), "lamella-warm-up");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.setContextClassLoader(loader);
        thread.start();
    }

    private static void run(ClassLoader loader) {
        try {
            Class<?> table = Class.forName("tech.tablesaw.api.Table", true, loader);
            Object first = table.getMethod("create", String.class).invoke(null, "warm-up");
            table.getMethod("print").invoke(first);
        } catch (ReflectiveOperationException | LinkageError absent) {
            // not on the class path, or not as we know it: the first table is as slow as it is
        }
    }
}
