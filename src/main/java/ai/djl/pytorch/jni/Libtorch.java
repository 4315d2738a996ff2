// SPDX-License-Identifier: Apache-2.0
package ai.djl.pytorch.jni;

/**
 * The few native functions of DJL's PyTorch engine that {@code org.lamella.tensor} stands on, on bare handles.
 *
 * <p>It lies in DJL's package because DJL keeps these functions to itself. Its public calls name the operands of a
 * script by a field of the array, so that two threads cannot share a weight, and leave operands behind when a script
 * fails. Nothing here checks anything: {@code org.lamella.tensor} does.
 */
public final class Libtorch {

    private static final PyTorchLibrary LIB = PyTorchLibrary.LIB;
    private static final int[] CPU = {0, -1};

    private Libtorch() {}

    // tensors

    public static void delete(long tensor) {
        LIB.torchDeleteTensor(tensor);
    }

    public static long[] shape(long tensor) {
        return LIB.torchSizes(tensor);
    }

    /** Returns the place of the type in DJL's list; 8 and above are types that DJL cannot tell apart. */
    public static int type(long tensor) {
        return LIB.torchDType(tensor);
    }

    /** Returns the memory of a dense tensor of at most 2 GiB on the CPU; valid while the tensor lives. */
    public static java.nio.ByteBuffer memory(long tensor) {
        return LIB.torchDirectByteBuffer(tensor).order(java.nio.ByteOrder.nativeOrder());
    }

    // gradients

    public static void requireGradient(long tensor) {
        LIB.torchAttachGrad(tensor, true);
    }

    /** Returns whether the tensor accumulates a gradient; never for what was computed from others. */
    public static boolean accumulatesGradient(long tensor) {
        return LIB.torchRequiresGrad(tensor);
    }

    /** Returns a new handle of the gradient, or 0 where there is none. */
    public static long gradient(long tensor) {
        return LIB.torchGrad(tensor);
    }

    public static void zeroGradient(long tensor) {
        LIB.zeroGrad(tensor);
    }

    public static void backward(long tensor, long upstream, boolean keepGraph) {
        LIB.torchBackward(tensor, upstream, keepGraph, false);
    }

    // modules and their values

    public static long module(java.io.InputStream archive) {
        return LIB.moduleLoad(archive, CPU, false, new byte[65_536], -1);
    }

    public static void deleteModule(long module) {
        LIB.torchDeleteModule(module);
    }

    /** Runs a method with the grad mode of the thread and returns the handle of its value. */
    public static long run(long module, String method, long[] values) {
        return LIB.moduleRunMethod(module, method, values, true, false);
    }

    public static void deleteValue(long value) {
        LIB.torchDeleteIValue(value);
    }

    public static long valueOf(long tensor) {
        return LIB.iValueFromTensor(tensor);
    }

    public static long valueOf(long[] tensors) {
        return LIB.iValueFromTensorList(tensors);
    }

    public static long valueOfInteger(long number) {
        return LIB.iValueFromLong(number);
    }

    public static long valueOfNumber(double number) {
        return LIB.iValueFromDouble(number);
    }

    public static long valueOfFlag(boolean flag) {
        return LIB.iValueFromBool(flag);
    }

    public static long valueOfText(String text) {
        return LIB.iValueFromString(text);
    }

    public static long valueOfIntegers(long[] numbers) {
        return LIB.iValueFromLongList(numbers);
    }

    public static boolean isTensor(long value) {
        return LIB.iValueIsTensor(value);
    }

    public static boolean isTensors(long value) {
        return LIB.iValueIsTensorList(value);
    }

    public static boolean isTuple(long value) {
        return LIB.iValueIsTuple(value);
    }

    public static String kind(long value) {
        return LIB.iValueGetType(value);
    }

    public static long tensor(long value) {
        return LIB.iValueToTensor(value);
    }

    public static long[] tensors(long value) {
        return LIB.iValueToTensorList(value);
    }

    public static long[] parts(long tuple) {
        return LIB.iValueToIValueTuple(tuple);
    }

    public static long integer(long value) {
        return LIB.iValueToLong(value);
    }

    public static double number(long value) {
        return LIB.iValueToDouble(value);
    }

    // the engine

    public static boolean gradMode() {
        return LIB.torchIsGradMode();
    }

    public static void gradMode(boolean on) {
        LIB.torchSetGradMode(on);
    }

    public static void optimizeGraphs(boolean on) {
        LIB.setGraphExecutorOptimize(on);
    }

    public static int threads() {
        return LIB.torchGetNumThreads();
    }

    public static void threads(int n) {
        LIB.torchSetNumThreads(n);
    }

    public static void seed(long seed) {
        LIB.torchManualSeed(seed);
    }
}
