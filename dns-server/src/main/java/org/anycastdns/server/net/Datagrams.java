package org.anycastdns.server.net;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.server.serve.WorkerCounters;

/// Receives and sends datagrams for responders.
sealed interface Datagrams permits NettyDatagrams, MmsgDatagrams {

    /// Counts the datagrams of all sockets that are handled outside the responder.
    ///
    /// @param ignored datagrams from a source that must not get a response
    /// @param looping datagrams from the port of a service that would answer the response
    /// @param unsent responses that the kernel did not accept, and errors of UDP sockets
    /// @param failures internal errors
    record Counts(LongAdder ignored, LongAdder looping, LongAdder unsent, Failures failures) {}

    /// Binds as many sockets to an address as this engine needs, or none if one fails.
    ///
    /// @throws BindException with a message that names address, transport and reason
    void bind(InetSocketAddress address) throws BindException;

    /// Starts answering. Some engines already answer once a socket is bound.
    void start();

    /// Returns the counters of this engine's own threads.
    List<WorkerCounters> counters();

    /// Returns executors that run a task between two batches on each of this engine's own threads.
    List<Executor> loops();

    /// Returns the number of datagrams so far that were lost because a socket's queue was full, as
    /// far as this engine can tell.
    long overflowCount();

    /// Closes the sockets and ends this engine's own threads.
    void close();
}
