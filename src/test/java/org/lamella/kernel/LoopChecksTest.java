// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Which loops get a check, and that woven code still computes what it did. */
class LoopChecksTest {

    /** Loops of every kind. */
    @SuppressWarnings("unused") // woven by name
    static final class Loops {
        static float counted(float[] data) {
            float sum = 0;
            for (int i = 0; i < data.length; i++) {
                sum += data[i] * 2;
            }
            return sum;
        }

        static int nested(int n) {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                for (int j = n; j > 0; j--) {
                    sum += i * j;
                }
            }
            return sum;
        }

        static int calling(int n) {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                sum += Math.abs(i);
            }
            return sum;
        }

        static long endless() {
            long count = 0;
            while (count >= 0) {
                count++;
            }
            return count;
        }

        static int goingBack(int n) {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                if (sum++ < 3) {
                    i = 0;
                }
            }
            return sum;
        }

        static int withoutTest() {
            int found = 0;
            for (int i = 1; ; i++) {
                found += i;
                if (found > 100) {
                    return found;
                }
            }
        }

        static Runnable lambda() {
            return () -> {};
        }

        static int plain(int x) {
            return x > 1 ? x : 1;
        }
    }

    private static byte[] woven() throws IOException {
        try (InputStream in = Loops.class.getResourceAsStream("LoopChecksTest$Loops.class")) {
            return LoopChecks.weave(in.readAllBytes());
        }
    }

    private static long checks(String method) throws IOException {
        ClassNode type = new ClassNode();
        new ClassReader(woven()).accept(type, 0);
        MethodNode node = type.methods.stream()
                .filter(one -> one.name.startsWith(method))
                .findFirst()
                .orElseThrow();
        return java.util.Arrays.stream(node.instructions.toArray())
                .filter(instruction -> instruction instanceof MethodInsnNode call && call.name.equals("check"))
                .count();
    }

    @Test
    void innermostCountedLoopsWithoutCallsAreLeftAlone() throws IOException {
        assertThat(checks("counted")).isZero();
        assertThat(checks("nested")).isEqualTo(1);
        assertThat(checks("plain")).isZero();
    }

    @Test
    void everyOtherLoopAndLambdaIsChecked() throws IOException {
        assertThat(checks("calling")).isEqualTo(1);
        assertThat(checks("endless")).isEqualTo(1);
        assertThat(checks("goingBack")).isEqualTo(1);
        assertThat(checks("withoutTest")).isEqualTo(1);
        assertThat(checks("lambda$")).isEqualTo(1);
    }

    @Test
    void wovenCodeComputesTheSameAndEndsWhenAsked() throws Exception {
        byte[] bytes = woven();
        Class<?> type = new ClassLoader(getClass().getClassLoader()) {
            Class<?> define() {
                return defineClass(Loops.class.getName(), bytes, 0, bytes.length);
            }
        }.define();

        assertThat(call(type, "counted", float[].class, new float[] {1, 2})).isEqualTo(6f);
        assertThat(call(type, "nested", int.class, 4)).isEqualTo(Loops.nested(4));
        assertThat(call(type, "goingBack", int.class, 4)).isEqualTo(Loops.goingBack(4));
        Method endless = type.getDeclaredMethod("endless");
        endless.setAccessible(true);
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        CompletableFuture<Boolean> runs = new CompletableFuture<>();
        CellThread thread = new CellThread(type.getClassLoader());
        thread.submit(() -> {
            runs.complete(true);
            try {
                outcome.complete(endless.invoke(null));
            } catch (ReflectiveOperationException ended) {
                outcome.completeExceptionally(ended.getCause());
            }
        });
        thread.start();
        runs.get(10, TimeUnit.SECONDS);
        thread.ask();

        assertThatThrownBy(() -> outcome.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("Cell interrupted");
        thread.abandon();
    }

    private static Object call(Class<?> type, String name, Class<?> parameter, Object argument)
            throws ReflectiveOperationException {
        Method method = type.getDeclaredMethod(name, parameter);
        method.setAccessible(true);
        return method.invoke(null, argument);
    }

    @Test
    void aFormatOfTheFutureIsPassedThrough() throws IOException {
        byte[] future = woven();
        future[7] = 120; // major version

        assertThat(LoopChecks.weave(future)).isSameAs(future);
    }
}
