// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.KernelTimestamp;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.ReplyType;
import io.github.spencerpark.jupyter.messages.adapters.HeaderAdapter;
import io.github.spencerpark.jupyter.messages.adapters.KernelTimestampAdapter;
import io.github.spencerpark.jupyter.messages.adapters.MessageTypeAdapter;
import io.github.spencerpark.jupyter.messages.adapters.ReplyTypeAdapter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.logging.Logger;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** One socket of the protocol. Each has its own thread: an interrupt on a thread inside JeroMQ closes every socket. */
class Channel extends JupyterSocket {

    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private static final Gson HEADERS = adapted().create();
    private static final Gson CONTENTS = adapted()
            .registerTypeHierarchyAdapter(ReplyType.class, new ReplyTypeAdapter(new Gson()))
            .serializeNulls() // a missing number is a null, not a missing name
            .create();

    private final ToIntFunction<KernelConnectionProperties> port;
    private final ZMQ.Poller poller;

    Channel(
            ZMQ.Context context,
            SocketType type,
            HMACGenerator signatures,
            String name,
            ToIntFunction<KernelConnectionProperties> port) {
        super(context, type, signatures, Logger.getLogger(name));
        this.port = port;
        this.poller = context.poller(1);
        poller.register(this, ZMQ.Poller.POLLIN);
        setHWM(0); // never drop a message
        setLinger(1000);
    }

    @Override
    public void bind(KernelConnectionProperties properties) {
        bind(formatAddress(properties.getTransport(), properties.getIp(), port.applyAsInt(properties)));
    }

    private static GsonBuilder adapted() {
        return new GsonBuilder()
                .disableHtmlEscaping()
                .registerTypeAdapter(KernelTimestamp.class, KernelTimestampAdapter.INSTANCE)
                .registerTypeAdapter(Header.class, HeaderAdapter.INSTANCE)
                .registerTypeAdapter(MessageType.class, MessageTypeAdapter.INSTANCE);
    }

    @Override
    public synchronized void sendMessage(Message<?> message) {
        byte[] header = json(HEADERS, message.getHeader());
        byte[] parent = json(HEADERS, message.hasParentHeader() ? message.getParentHeader() : Map.of());
        byte[] metadata = json(CONTENTS, message.hasMetadata() ? message.getMetadata() : Map.of());
        byte[] content = json(CONTENTS, message.getContent());
        message.getIdentities().forEach(this::sendMore);
        sendMore(DELIMITER);
        sendMore(hmacGenerator.calculateSignature(header, parent, metadata, content));
        sendMore(header);
        sendMore(parent);
        sendMore(metadata);
        List<byte[]> blobs = message.getBlobs() == null ? List.of() : message.getBlobs();
        for (byte[] blob : blobs) {
            sendMore(content);
            content = blob;
        }
        send(content);
    }

    private static byte[] json(Gson gson, Object value) {
        return gson.toJson(value).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the next message, waiting for it without burning time; empty when none came. */
    Optional<Message<?>> poll(long millis) {
        return poller.poll(millis) > 0 ? Optional.of(readMessage()) : Optional.empty();
    }
}
