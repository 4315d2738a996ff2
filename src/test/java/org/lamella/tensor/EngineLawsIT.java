// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the engine does that this room is built around. A test that fails here after an upgrade of the engine names a
 * law that changed: see whether the code that honours it can go.
 */
class EngineLawsIT {

    private static final String SCRIPT = """
            def forward(self, x: Tensor, w: Tensor) -> Tensor:
              return torch.sum(x * w)
            def bf16(self, x: Tensor) -> Tensor:
              return torch.to(x, 15)
            """;

    private PtNDManager manager = start();

    private static PtNDManager start() {
        Torch.start();
        return (PtNDManager) NDManager.newBaseManager();
    }

    @BeforeEach
    void gradientsOn() {
        JniUtils.setGradMode(true);
    }

    @AfterEach
    void close() {
        JniUtils.setGradMode(false);
        manager.close();
    }

    private void backward(NDArray y) {
        JniUtils.backward((PtNDArray) y, (PtNDArray) manager.ones(y.getShape()), false, false);
    }

    private PtSymbolBlock load() throws Exception {
        return JniUtils.loadModule(manager, new ByteArrayInputStream(Archive.of(SCRIPT)), false, false);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void theProcessEnds(FatalLaw law) throws Exception {
        Child child = run(FatalLaw.class, law.name());

        assertThat(child.said()).contains(law.lastWords).doesNotContain(FatalLaw.SURVIVED);
        assertThat(child.code()).isNotZero();
    }

    /** Without the gate this crashed five times of six. */
    @RepeatedTest(3)
    @Timeout(120)
    void theProcessEndsInPeaceWhileAThreadComputes() throws Exception {
        Child child = run(EndWhileComputing.class);

        assertThat(child.said()).doesNotContain("fatal error");
        assertThat(child.code()).isEqualTo(7);
    }

    private record Child(int code, String said) {}

    private static Child run(Class<?> program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Child(process.waitFor(), said);
    }

    @Test
    void anOperationWithANumberGivesWrongGradientsAfterACollection() throws InterruptedException {
        NDArray x = manager.ones(new Shape(4));
        x.setRequiresGradient(true);
        int wrong = 0;
        for (int round = 0; round < 20 && wrong == 0; round++) {
            List<NDArray> products = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                products.add(x.mul(3f));
            }
            System.gc();
            Thread.sleep(20);
            List<ByteBuffer> others = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                others.add(ByteBuffer.allocateDirect(4)
                        .order(ByteOrder.nativeOrder())
                        .putFloat(0, 777));
            }
            for (NDArray product : products) {
                backward(product);
                try (NDArray gradient = x.getGradient()) {
                    wrong += gradient.getFloat(0) == 3 ? 0 : 1;
                }
                JniUtils.zeroGrad((PtNDArray) x);
            }
            assertThat(others).hasSize(20_000);
        }
        assertThat(wrong).isPositive();
    }

    @Test
    void anArrayMadeFromABufferIsTheBuffer() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        NDArray x = manager.create(buffer, new Shape(2), DataType.FLOAT32);
        buffer.putFloat(0, 5);

        assertThat(x.toFloatArray()).containsExactly(5, 0);
    }

    @Test
    void aResultBelongsToTheManagerOfTheFirstOperand() {
        NDArray weight = manager.ones(new Shape(2));
        int before = manager.getManagedArrays().size();
        try (NDManager step = manager.newSubManager()) {
            NDArray x = step.ones(new Shape(2));
            weight.mul(x);
            x.mul(weight);
        }
        assertThat(manager.getManagedArrays()).hasSize(before + 1);
    }

    @Test
    void eachLookAtAGradientMakesAHandle() {
        NDArray x = manager.ones(new Shape(2));
        x.setRequiresGradient(true);
        backward(x.mul(x));
        int before = manager.getManagedArrays().size();
        for (int i = 0; i < 5; i++) {
            x.getGradient();
        }
        assertThat(manager.getManagedArrays()).hasSize(before + 5);
    }

    @Test
    void newThreadsStartWithGradientsOn() throws Exception {
        assertThat(CompletableFuture.supplyAsync(JniUtils::isGradMode, command -> new Thread(command).start())
                        .get())
                .isTrue();
    }

    @Test
    void aCastCutsTheGradient() {
        NDArray x = manager.ones(new Shape(2));
        x.setRequiresGradient(true);
        NDArray y = x.toType(DataType.FLOAT64, true).toType(DataType.FLOAT32, true);

        assertThatThrownBy(() -> backward(y))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("does not require grad");
    }

    @Test
    void aForwardThatIsNotTrainingIsOutsideAutogradForGood() throws Exception {
        NDArray x = manager.ones(new Shape(2));
        NDArray w = manager.ones(new Shape(2));
        w.setRequiresGradient(true);
        NDArray inference = IValueUtils.forward(load(), new NDList(x, w), false).head();

        assertThatThrownBy(() -> inference.mul(w))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("Inference tensors cannot be saved for backward");
    }

    @Test
    void djlDoesNotKnowTheTypeOfBf16() throws Exception {
        NDArray selector = manager.zeros(new Shape());
        selector.setName("module_method:bf16");
        NDArray x = IValueUtils.forward(load(), new NDList(manager.ones(new Shape(2)), selector), true)
                .head();

        assertThat(x.getDataType()).isEqualTo(DataType.UNKNOWN);
    }

    @Test
    void oneGradientCollectorPerProcess() {
        try (GradientCollector one = Engine.getInstance().newGradientCollector()) {
            assertThatThrownBy(() -> Engine.getInstance().newGradientCollector())
                    .isInstanceOf(IllegalStateException.class);
            assertThat(one).isNotNull();
        }
    }

    @Test
    void subtractingAGradientFromItselfKeepsNotANumber() {
        NDArray x = manager.create(new float[] {Float.NaN});
        x.subi(x);

        assertThat(x.getFloat(0)).isNaN();
    }

    @Test
    void aCastToTheSameTypeIsAnAlias() {
        NDArray x = manager.ones(new Shape(2));
        NDArray copy = x.toType(DataType.FLOAT32, true);
        x.addi(1);

        assertThat(copy.toFloatArray()).containsExactly(2, 2);
    }
}
