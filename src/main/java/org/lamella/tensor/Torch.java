// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.Libtorch;

/**
 * The front door to libtorch: starts it, says which one it is and holds what is common to the whole process.
 *
 * <p>Everything in this room starts the engine by itself. The first start on a machine unpacks 450 MB of native
 * libraries into {@code ~/.djl.ai} (or where {@code ENGINE_CACHE_DIR} says) and takes about five seconds, later ones
 * less than one. No start uses the network.
 */
public final class Torch {

    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(Torch::prepare);

    private Torch() {}

    // loading this class loads libtorch, once and for all threads
    private static final class Running {
        static final Engine ENGINE = engine();

        private static Engine engine() {
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            System.setProperty("RUST_FLAVOR", "cpu");
            Engine engine = Engine.getEngine("PyTorch");
            Gate.closeAtTheEnd();
            return engine;
        }
    }

    /**
     * Starts the engine if it does not run yet and prepares the calling thread.
     *
     * <p>The first contact of a thread with the engine switches its grad mode off, as {@link GradMode} describes.
     * Calling this is never needed; it only moves the time of the start.
     */
    public static void start() {
        PREPARED.get();
    }

    private static Boolean prepare() {
        if (Running.ENGINE.getEngineName().isEmpty()) {
            throw new IllegalStateException("engine must have a name");
        }
        Libtorch.gradMode(false);
        Libtorch.optimizeGraphs(false);
        return true;
    }

    /** Returns the versions of libtorch and its binding, for instance {@code libtorch 2.7.1 (DJL 0.35.1, cpu)}. */
    public static String version() {
        start();
        return "libtorch " + Running.ENGINE.getVersion() + " (DJL " + Engine.getDjlVersion() + ", "
                + Device.best().type() + ")";
    }

    /** Returns with how many threads libtorch computes one operation. */
    public static int threads() {
        start();
        return Libtorch.threads();
    }

    /** Sets with how many threads libtorch computes one operation, in this whole process. */
    public static void threads(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("threads must be at least 1; got " + n);
        }
        start();
        Libtorch.threads(n);
    }

    /**
     * Sets libtorch's random stream, as {@code torch.manual_seed} does in Python: the numbers that follow are the same.
     *
     * <p>There is one stream per process: a draw in another thread shifts it.
     */
    public static void seed(long seed) {
        start();
        Libtorch.seed(seed);
    }

    /** Returns how many tensors this process holds open, for tests that look for leaks. */
    public static long liveTensors() {
        return Handle.live();
    }

    static int acceleratorCount() {
        start();
        return Running.ENGINE.getGpuCount();
    }
}
