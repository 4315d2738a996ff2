// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lamella.kernel.Evaluator.Value;

/** Answers requests to run a cell. */
final class Cells {

    private final Connection connection;
    private final NotebookKernel kernel;
    private final Session session;
    private final History history;
    private final CellInput input;
    private final AtomicInteger nextCount = new AtomicInteger(1);

    Cells(Connection connection, NotebookKernel kernel, History history, CellInput input) {
        this.connection = connection;
        this.kernel = kernel;
        this.session = kernel.session();
        this.history = history;
        this.input = input;
    }

    /**
     * Runs a cell: busy, its input, its output, its value or its error, idle, the reply.
     *
     * @param request what to run
     * @param others takes requests that waited behind a cell that failed and are not cells themselves
     */
    void run(Message<ExecuteRequest> request, Consumer<Message<?>> others) {
        ExecuteRequest cell = request.getContent();
        boolean stored = cell.shouldStoreHistory() && !cell.isSilent();
        int count = stored ? nextCount.getAndIncrement() : nextCount.get();
        kernel.attach(request);
        connection.publish(request, PublishStatus.BUSY);
        if (!cell.isSilent()) {
            connection.publish(
                    request,
                    MessageType.PUBLISH_EXECUTE_INPUT,
                    Map.of("code", cell.getCode(), "execution_count", count));
        }
        input.use(cell.isStdinEnabled() ? request : null);
        session.execution().begin();
        Map<String, Object> reply;
        String shown = null;
        try {
            shown = show(request, count);
            reply = ok(count, cell.getUserExpr());
        } catch (Throwable problem) { // an Error of the notebook must not end the kernel
            reply = failed(request, count, session.evaluator().failure(problem));
        } finally {
            session.execution().end();
            input.use(null);
        }
        if (stored) {
            history.add(count, cell.getCode(), shown);
        }
        boolean failed = "error".equals(reply.get("status"));
        // collected before the reply: what the person sends after having seen the error must run
        List<Message<?>> waiting = failed && cell.shouldStopOnError() ? connection.queued() : List.of();
        session.output().flush();
        connection.publish(request, PublishStatus.IDLE);
        connection.reply(false, request, MessageType.EXECUTE_REPLY, reply);
        abort(waiting, others);
    }

    /** Evaluates a cell, shows its value, and returns the text of what was shown. */
    private @Nullable String show(Message<ExecuteRequest> request, int count) throws Throwable {
        String code = request.getContent().getCode();
        session.awaitStarted();
        Value value = session.evaluator().evaluate("cell [" + count + "]", Help.expanded(code));
        Object object = value.object();
        boolean silent = request.getContent().isSilent();
        if (object == null || !value.shown() || silent || session.isDisplayId(object)) {
            return null;
        }
        JsonObject content = session.execution().call(() -> draw(object));
        if (content == null) {
            return null;
        }
        content.addProperty("execution_count", count);
        session.output().flush();
        connection.publish(request, MessageType.PUBLISH_EXECUTION_RESULT, content);
        return Pictures.text(content);
    }

    private JsonObject draw(Object value) {
        DisplayData bundle = Pictures.of(kernel.getRenderer(), value);
        return Pictures.content(bundle);
    }

    private Map<String, Object> ok(int count, @Nullable Map<String, String> expressions) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (expressions != null) {
            expressions.forEach((name, expression) -> values.put(name, value(expression)));
        }
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("status", "ok");
        reply.put("execution_count", count);
        reply.put("user_expressions", values);
        reply.put("payload", List.of());
        return reply;
    }

    /** Returns an expression's value, or its error, for the front end that asked beside a cell. */
    private Object value(String expression) {
        try {
            Object value =
                    session.evaluator().evaluate("expression", expression).object();
            JsonObject content =
                    session.execution().call(() -> Pictures.content(Pictures.of(kernel.getRenderer(), value)));
            if (content != null) {
                content.addProperty("status", "ok");
                return content;
            }
            return Map.of("status", "ok", "data", Map.of(), "metadata", Map.of());
        } catch (Throwable problem) {
            return error(session.evaluator().failure(problem));
        }
    }

    private Map<String, Object> failed(Message<?> request, int count, CellFailure failure) {
        Map<String, Object> reply = error(failure);
        session.output().flush();
        connection.publish(request, MessageType.PUBLISH_ERROR, Map.copyOf(without(reply, "status")));
        reply.put("execution_count", count);
        return reply;
    }

    private static Map<String, Object> without(Map<String, Object> map, String key) {
        Map<String, Object> copy = new LinkedHashMap<>(map);
        copy.remove(key);
        return copy;
    }

    private static Map<String, Object> error(CellFailure failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("status", "error");
        error.put("ename", failure.name());
        error.put("evalue", failure.message());
        error.put("traceback", failure.traceback());
        return error;
    }

    /** Tells cells that waited behind a failed one that they do not run. Without a count, so that they show no number. */
    private void abort(List<Message<?>> waiting, Consumer<Message<?>> others) {
        for (Message<?> message : waiting) {
            if (!message.getHeader().getType().equals(MessageType.EXECUTE_REQUEST)) {
                others.accept(message);
                continue;
            }
            connection.publish(message, PublishStatus.BUSY);
            connection.publish(message, PublishStatus.IDLE);
            connection.reply(false, message, MessageType.EXECUTE_REPLY, Map.of("status", "aborted"));
        }
    }
}
