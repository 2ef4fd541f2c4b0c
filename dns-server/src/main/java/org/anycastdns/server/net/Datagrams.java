package org.anycastdns.server.net;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.server.serve.Tally;

/// What carries datagrams between the network and responders.
sealed interface Datagrams permits NettyDatagrams, MmsgDatagrams {

    /// What happened to datagrams outside the responder, over all sockets.
    ///
    /// @param ignored from a source that nobody may answer to
    /// @param looping from the port of a service that would answer our reply
    /// @param unsent replies that the system did not take
    /// @param failures faults of ours
    record Counts(LongAdder ignored, LongAdder looping, LongAdder unsent, Failures failures) {}

    /// Takes an address with as many sockets as this engine wants, or with none.
    ///
    /// @throws BindException with a sentence that names address, transport and reason
    void bind(InetSocketAddress address) throws BindException;

    /// Answers from now on, at the latest.
    void start();

    /// The counters of the threads that this engine has of its own.
    List<Tally> tallies();

    /// Runs a task between two batches on each thread that this engine has of its own.
    List<Executor> loops();

    /// Datagrams so far that found the queue of their socket full, as far as this engine can tell.
    long overflowCount();

    /// Ends the sockets, and the threads that this engine has of its own.
    void close();
}
