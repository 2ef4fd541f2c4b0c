package org.anycastdns.announcer.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.anycastdns.announcer.health.Outcome;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/// One probe: the questions asked together, and the replies as they come in. Replies that carry
/// none of our IDs are not ours; they are passed over and told about only when ours stay away.
final class Round {

    private static final int ID_BOUND = 1 << 16;

    private final byte[] nsid;
    private final Map<Integer, Query> open = new HashMap<>();
    private final List<byte[]> requests = new ArrayList<>();
    private @Nullable String fault;
    private @Nullable String stray;

    Round(List<Query> queries, byte[] nsid, RandomGenerator random) {
        this.nsid = nsid;
        for (Query query : queries) {
            int id = random.nextInt(ID_BOUND);
            while (open.containsKey(id)) {
                id = random.nextInt(ID_BOUND);
            }
            open.put(id, query);
            requests.add(query.request(id));
        }
    }

    List<byte[]> requests() {
        return requests;
    }

    /// Whether every answer is in, or one that settles the matter.
    boolean done() {
        return fault != null || open.isEmpty();
    }

    void reply(byte[] wire) {
        Message message = Query.parse(wire);
        if (message == null) {
            stray = "a reply that is no DNS message";
            return;
        }
        Query query = open.remove(message.getHeader().getID());
        if (query == null) {
            stray = "a reply with another ID than the query's";
            return;
        }
        fault = query.fault(message, nsid);
    }

    /// How a round that is done ended.
    ///
    /// @param nanos how long it took
    Outcome outcome(long nanos) {
        return fault == null ? new Outcome.Right(nanos) : new Outcome.Wrong(fault);
    }

    /// How a round ended whose answers stayed away.
    ///
    /// @param why e.g. `no answer within 200 ms`
    Outcome unanswered(String why) {
        return stray == null ? new Outcome.Unanswered(why) : new Outcome.Wrong(stray);
    }
}
