// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;

/** Calls of the engine that end the process. Each runs in a process of its own, which {@link EngineLawsIT} starts. */
enum FatalLaw {
    BF16_ZEROS("terminate called without an active exception") {
        @Override
        void commit(NDManager manager) {
            manager.zeros(new Shape(2), DataType.BFLOAT16);
        }
    },
    BF16_FROM_BYTES("terminate called without an active exception") {
        @Override
        void commit(NDManager manager) {
            manager.create(ByteBuffer.allocateDirect(4), new Shape(2), DataType.BFLOAT16);
        }
    },
    BF16_CAST("terminate called without an active exception") {
        @Override
        void commit(NDManager manager) {
            NDArray one = manager.ones(new Shape(2));
            one.toType(DataType.BFLOAT16, true);
        }
    },
    NAME_OF_A_LEAF_IN_THE_GRAPH("SIGSEGV") {
        @Override
        void commit(NDManager manager) {
            JniUtils.getGradientFunctionNames((PtNDArray) manager.ones(new Shape(2)));
        }
    },
    VIEW_OF_A_CLOSED_SOURCE("SIGSEGV") {
        @Override
        void commit(NDManager manager) throws InterruptedException {
            NDArray source = manager.create(new float[1 << 24]);
            NDArray view = source.reshape(1 << 12, 1 << 12);
            source.close();
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(50);
            }
            view.mean();
        }
    };

    static final String SURVIVED = "survived";

    /** What the process says when it ends. */
    final String lastWords;

    FatalLaw(String lastWords) {
        this.lastWords = lastWords;
    }

    abstract void commit(NDManager manager) throws Exception;

    /** Breaks the law that the argument names; prints that it survived if the engine has changed. */
    public static void main(String[] law) throws Exception {
        Torch.start();
        try (NDManager manager = NDManager.newBaseManager()) {
            valueOf(law[0]).commit(manager);
        }
        System.out.println(SURVIVED);
    }
}
