// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer as they arrive. Whoever waits for them can be interrupted, and waits no longer than he says:
 * Java's own stream of an answer swallows interrupts and waits for ever.
 */
final class Arriving implements HttpResponse.BodySubscriber<Arriving>, AutoCloseable {

    private static final int AHEAD = 8;

    // what has arrived: bytes, or what failed, or neither at the end
    private record Piece(List<ByteBuffer> bytes, Optional<Throwable> failure, boolean last) {}

    private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;

    private Arriving() {}

    /** Takes the bytes of a file; of any other answer none. */
    static HttpResponse.BodyHandler<Arriving> ofFiles() {
        return about -> about.statusCode() == 200 || about.statusCode() == 206
                ? new Arriving()
                : HttpResponse.BodySubscribers.replacing(new Arriving());
    }

    /** Waits for the next bytes; nothing at the end. */
    Optional<List<ByteBuffer>> next(Duration silence) throws IOException, InterruptedException {
        Piece piece = pieces.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
        if (piece == null) {
            throw Refusal.passing("nothing came for " + silence.toMillis() + " ms", Duration.ZERO);
        }
        if (piece.failure().isPresent()) {
            throw new IOException(
                    piece.failure().get().getMessage(), piece.failure().get());
        }
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
        return piece.last() ? Optional.empty() : Optional.of(piece.bytes());
    }

    @Override
    public CompletionStage<Arriving> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        begun.request(AHEAD);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        pieces.add(new Piece(bytes, Optional.empty(), false));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(List.of(), Optional.of(failure), false));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), Optional.empty(), true));
    }

    /** Wants no more bytes; ends the connection when there would be. */
    @Override
    public void close() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }
}
