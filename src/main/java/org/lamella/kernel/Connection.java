// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import io.github.spencerpark.jupyter.messages.reply.InputReply;
import io.github.spencerpark.jupyter.messages.request.InputRequest;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** The five sockets and their threads. Code of cells only ever puts messages into queues. */
final class Connection {

    private static final long POLL_MILLIS = 100;
    private static final long SEND_NANOS = 1_000_000_000L;

    private final KernelConnectionProperties properties;
    private final ZMQ.Context context = ZMQ.context(1);
    private final HMACGenerator signatures;
    private final Channel shell;
    private final Channel control;
    private final Channel stdin;
    private final Published published;
    private final List<Thread> threads = new ArrayList<>();
    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private volatile boolean open = true;

    /** A question to the person, put by {@code System.in}. */
    private record Question(MessageContext asker, String prompt, CompletableFuture<String> answer) {}

    /** The broadcast socket; what is sent from any thread waits in a queue for the thread that owns it. */
    private static final class Published extends Channel {
        private final Deque<Message<?>> waiting = new ArrayDeque<>();

        Published(ZMQ.Context context, HMACGenerator signatures) {
            super(context, SocketType.PUB, signatures, "iopub", KernelConnectionProperties::getIopubPort);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the thread that sends may be inside
        public void sendMessage(Message<?> message) {
            synchronized (waiting) {
                waiting.add(message);
                waiting.notifyAll();
            }
        }

        /** Returns the next message without taking it, so that an empty queue means that all is sent. */
        @Nullable Message<?> next(long millis) throws InterruptedException {
            synchronized (waiting) {
                if (waiting.isEmpty()) {
                    waiting.wait(millis);
                }
                return waiting.peek();
            }
        }

        void sendNow(Message<?> message) {
            super.sendMessage(message);
            synchronized (waiting) {
                waiting.poll();
                waiting.notifyAll();
            }
        }

        /** Waits a moment until all is sent. */
        void awaitSent() throws InterruptedException {
            long end = System.nanoTime() + SEND_NANOS;
            synchronized (waiting) {
                while (!waiting.isEmpty() && System.nanoTime() < end) {
                    waiting.wait(10);
                }
            }
        }
    }

    /**
     * Makes the sockets; nothing is bound yet.
     *
     * @param properties what the connection file says
     */
    Connection(KernelConnectionProperties properties) throws GeneralSecurityException {
        this.properties = properties;
        this.signatures = properties.createHMACGenerator();
        shell = new Channel(context, SocketType.ROUTER, signatures, "shell", KernelConnectionProperties::getShellPort);
        control = new Channel(
                context, SocketType.ROUTER, signatures, "control", KernelConnectionProperties::getControlPort);
        stdin = new Channel(context, SocketType.ROUTER, signatures, "stdin", KernelConnectionProperties::getStdinPort);
        published = new Published(context, signatures);
    }

    /** Returns the broadcast socket, for what basekernel sends itself. */
    JupyterSocket iopub() {
        return published;
    }

    /**
     * Binds the sockets and starts their threads.
     *
     * @param onShell takes each message that may take long, one after the other
     * @param onControl takes each message that must be answered at once
     */
    void open(Consumer<Message<?>> onShell, Consumer<Message<?>> onControl) {
        ZMQ.Socket heartbeat = context.socket(SocketType.REP);
        heartbeat.bind(properties.getTransport() + "://" + properties.getIp() + ":" + properties.getHbPort());
        List.of(published, stdin, control, shell).forEach(channel -> channel.bind(properties));
        published.sendMessage(new Message<>(
                new Header<>(UUID.randomUUID().toString(), PublishStatus.MESSAGE_TYPE), PublishStatus.STARTING));
        start("iopub", published, this::publishNext);
        start("heartbeat", heartbeat, () -> echo(heartbeat));
        start("stdin", stdin, this::askNext);
        start("control", control, () -> control.poll(POLL_MILLIS).ifPresent(onControl));
        start("shell", shell, () -> shell.poll(POLL_MILLIS).ifPresent(onShell));
    }

    private void start(String name, ZMQ.Socket socket, Step step) {
        Thread thread = new Thread(() -> loop(name, socket, step), "lamella-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** One round of a socket's thread. */
    @FunctionalInterface
    private interface Step {
        void run() throws InterruptedException;
    }

    private void loop(String name, ZMQ.Socket socket, Step step) {
        boolean more = true;
        while (more) {
            try {
                step.run();
                more = open || (socket == published && published.next(1) != null);
            } catch (Throwable problem) { // one bad message must not end the kernel
                more = open;
                if (open) {
                    Terminal.print(name + ": " + problem);
                }
            }
        }
        socket.close();
    }

    private void publishNext() throws InterruptedException {
        Message<?> message = published.next(POLL_MILLIS);
        if (message != null) {
            published.sendNow(message);
        }
    }

    private void echo(ZMQ.Socket heartbeat) {
        heartbeat.setReceiveTimeOut((int) POLL_MILLIS);
        byte[] beat = heartbeat.recv();
        if (beat != null) {
            heartbeat.send(beat);
        }
    }

    /** Waits until the connection is closed. */
    void await() {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException now) {
                return;
            }
        }
    }

    /** Returns the messages that wait on the shell socket now; called by the shell thread only. */
    List<Message<?>> queued() {
        List<Message<?>> messages = new ArrayList<>();
        for (Optional<Message<?>> next = shell.poll(0); next.isPresent(); next = shell.poll(0)) {
            messages.add(next.get());
        }
        return messages;
    }

    /**
     * Answers a request, after everything that was broadcast before is out: who has the answer need not wait for output.
     * Called by the thread of the socket that the request came from.
     */
    void reply(boolean onControl, Message<?> request, MessageType<?> type, Object content) {
        try {
            published.awaitSent();
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
        (onControl ? control : shell).sendMessage(message(request, type, content));
    }

    JupyterSocket socket(boolean onControl) {
        return onControl ? control : shell;
    }

    /** Broadcasts. */
    void publish(MessageContext request, MessageType<?> type, Object content) {
        published.sendMessage(message(request, type, content));
    }

    /** Broadcasts that the kernel works on a request, or has done so. */
    void publish(MessageContext request, PublishStatus status) {
        publish(request, PublishStatus.MESSAGE_TYPE, status);
    }

    @SuppressWarnings("unchecked") // content classes of basekernel lack fields; maps go out the same way
    private static Message<Object> message(MessageContext request, MessageType<?> type, Object content) {
        return new Message<>(request, (MessageType<Object>) type, content);
    }

    /**
     * Asks the person for a line and waits for it; without its end.
     *
     * @throws InterruptedException if the person interrupts instead of answering
     */
    String ask(MessageContext asker, String prompt) throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        questions.add(new Question(asker, prompt, answer));
        try {
            return answer.get();
        } catch (ExecutionException problem) {
            throw new IllegalStateException("no input came", problem.getCause());
        } finally {
            answer.cancel(false);
        }
    }

    private void askNext() throws InterruptedException {
        Question question = questions.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (question == null) {
            return;
        }
        while (stdin.poll(0).isPresent()) {
            // an answer to a question that was given up
        }
        stdin.sendMessage(
                message(question.asker(), InputRequest.MESSAGE_TYPE, new InputRequest(question.prompt(), false)));
        while (open && !question.answer().isDone()) {
            stdin.poll(POLL_MILLIS)
                    .filter(reply -> reply.getHeader().getType().equals(MessageType.INPUT_REPLY))
                    .ifPresent(reply -> question.answer().complete(((InputReply) reply.getContent()).getValue()));
        }
    }

    /** Sends what waits, closes the sockets, and returns within a second or two whatever the shell thread does. */
    void close() {
        open = false;
        try {
            for (Thread thread : threads) {
                if (thread != Thread.currentThread() && !thread.getName().equals("lamella-shell")) {
                    thread.join(500);
                }
            }
            if (Thread.currentThread().getName().equals("lamella-control")) {
                control.close();
            }
            Thread.sleep(20); // the sockets' own thread writes what is left
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
    }
}
