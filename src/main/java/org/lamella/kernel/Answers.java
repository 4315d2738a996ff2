// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.jupyter.channels.DefaultReplyEnvironment;
import io.github.spencerpark.jupyter.channels.ReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.comm.CommManager;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import io.github.spencerpark.jupyter.messages.comm.CommOpenCommand;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import io.github.spencerpark.jupyter.messages.request.CommInfoRequest;
import io.github.spencerpark.jupyter.messages.request.CompleteRequest;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import io.github.spencerpark.jupyter.messages.request.InspectRequest;
import io.github.spencerpark.jupyter.messages.request.IsCompleteRequest;
import io.github.spencerpark.jupyter.messages.request.ShutdownRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers each request of a front end. */
final class Answers {

    private final Connection connection;
    private final NotebookKernel kernel;
    private final Session session;
    private final Cells cells;
    private final History history = new History();

    Answers(Connection connection, NotebookKernel kernel, CellInput input) {
        this.connection = connection;
        this.kernel = kernel;
        this.session = kernel.session();
        this.cells = new Cells(connection, kernel, history, input);
    }

    /** Answers what came on the shell socket; may take as long as a cell runs. */
    void onShell(Message<?> request) {
        if (request.getContent() instanceof ExecuteRequest) {
            cells.run(typed(request), this::onShell);
            return;
        }
        answer(false, request);
    }

    /** Answers what came on the control socket, at once. */
    void onControl(Message<?> request) {
        answer(true, request);
    }

    private void answer(boolean onControl, Message<?> request) {
        if (request.getHeader().getType().equals(MessageType.UNKNOWN)) {
            return; // of a later protocol, or of a debugger
        }
        connection.publish(request, PublishStatus.BUSY);
        try {
            Object content = request.getContent();
            MessageType<?> type = request.getHeader().getType();
            if (type.equals(MessageType.KERNEL_INFO_REQUEST)) {
                connection.reply(onControl, request, MessageType.KERNEL_INFO_REPLY, kernelInfo());
                return;
            }
            if (!onControl) {
                session.awaitStarted();
            }
            if (type.equals(MessageType.INTERRUPT_REQUEST)) {
                session.execution().interrupt();
                connection.reply(onControl, request, MessageType.INTERRUPT_REPLY, Map.of("status", "ok"));
            } else if (content instanceof ShutdownRequest shutdown) {
                shutDown(onControl, request, shutdown.isRestart());
            } else if (content instanceof CompleteRequest complete) {
                connection.reply(onControl, request, MessageType.COMPLETE_REPLY, completion(complete));
            } else if (content instanceof InspectRequest inspect) {
                connection.reply(onControl, request, MessageType.INSPECT_REPLY, inspection(inspect));
            } else if (content instanceof IsCompleteRequest complete) {
                connection.reply(onControl, request, MessageType.IS_COMPLETE_REPLY, completeness(complete.getCode()));
            } else if (content instanceof HistoryRequest past) {
                Map<String, Object> reply = Map.of("status", "ok", "history", history.find(past));
                connection.reply(onControl, request, MessageType.HISTORY_REPLY, reply);
            } else {
                comm(onControl, request);
            }
        } catch (Throwable problem) {
            refuse(onControl, request, problem);
        } finally {
            connection.publish(request, PublishStatus.IDLE);
        }
    }

    /** Every request gets an answer, or the front end waits for ever. */
    private void refuse(boolean onControl, Message<?> request, Throwable problem) {
        Terminal.print(request.getHeader().getType() + ": " + problem);
        MessageType<?> reply = replyTo(request.getHeader());
        if (!reply.equals(MessageType.UNKNOWN)) {
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("status", "error");
            content.put("ename", problem.getClass().getName());
            content.put("evalue", String.valueOf(problem.getMessage()));
            content.put("traceback", List.of());
            connection.reply(onControl, request, reply, content);
        }
    }

    private static MessageType<?> replyTo(Header<?> header) {
        return MessageType.getType(header.getType().getName().replace("_request", "_reply"));
    }

    private Map<String, Object> kernelInfo() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("status", "ok");
        info.put("protocol_version", Header.PROTOCOL_VERISON);
        info.put("implementation", "lamella-kernel");
        info.put("implementation_version", Kernel.version());
        info.put("language_info", kernel.getLanguageInfo());
        info.put("banner", kernel.getBanner());
        info.put("help_links", kernel.getHelpLinks());
        info.put("supported_features", List.of());
        info.put("debugger", false);
        return info;
    }

    private Map<String, Object> completion(CompleteRequest request) {
        String code = request.getCode();
        Completion found = Completion.at(session, code, CodePoints.toChars(code, request.getCursorPos()));
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("status", "ok");
        reply.put("matches", found.texts());
        reply.put("cursor_start", CodePoints.ofChars(code, found.start()));
        reply.put("cursor_end", CodePoints.ofChars(code, found.end()));
        reply.put("metadata", Map.of("_jupyter_types_experimental", found.kinds(code)));
        return reply;
    }

    private Map<String, Object> inspection(InspectRequest request) {
        String code = request.getCode();
        Optional<String> found = Inspection.at(session, code, CodePoints.toChars(code, request.getCursorPos()));
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("status", "ok");
        reply.put("found", found.isPresent());
        reply.put("data", found.isPresent() ? Map.of("text/plain", found.get()) : Map.of());
        reply.put("metadata", Map.of());
        return reply;
    }

    private Map<String, Object> completeness(String code) {
        return switch (session.completeness(code)) {
            case COMPLETE -> Map.of("status", "complete");
            case INVALID -> Map.of("status", "invalid");
            case INCOMPLETE ->
                Map.of(
                        "status",
                        "incomplete",
                        "indent",
                        "    "
                                .repeat(CellSource.scan(code, session.magics()::knowsLine)
                                        .depth()));
        };
    }

    /** Comms run code of the notebook, so they run on its thread, and what they print is shown. */
    private void comm(boolean onControl, Message<?> request) throws Throwable {
        CommManager comms = kernel.getCommManager();
        ReplyEnvironment way = new DefaultReplyEnvironment(connection.socket(onControl), connection.iopub(), request) {
            @Override
            public void setBusyDeferIdle() {
                // said by us, around every request
            }
        };
        Object content = request.getContent();
        if (content instanceof CommInfoRequest) {
            comms.handleCommInfoRequest(way, typed(request));
            return;
        }
        kernel.attach(request);
        session.execution().begin();
        try {
            session.execution().call(() -> {
                if (content instanceof CommOpenCommand) {
                    comms.handleCommOpenCommand(way, typed(request));
                } else if (content instanceof CommMsgCommand) {
                    comms.handleCommMsgCommand(way, typed(request));
                } else if (content instanceof CommCloseCommand) {
                    comms.handleCommCloseCommand(way, typed(request));
                }
                return null;
            });
        } catch (Throwable problem) {
            session.warn(String.join("\n", session.evaluator().failure(problem).traceback()) + "\n");
        } finally {
            session.execution().end();
            session.output().flush();
        }
    }

    @SuppressWarnings("unchecked") // the content was looked at before
    private static <T> Message<T> typed(Message<?> request) {
        return (Message<T>) request;
    }

    private void shutDown(boolean onControl, Message<?> request, boolean restart) {
        session.output().flush();
        connection.reply(onControl, request, MessageType.SHUTDOWN_REPLY, Map.of("status", "ok", "restart", restart));
        connection.publish(request, PublishStatus.IDLE);
        Kernel.end(session.execution().busy());
    }
}
