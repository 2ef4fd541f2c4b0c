package org.anycastdns.announcer.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.anycastdns.announcer.health.Outcome;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/// One probe: the questions asked together, so many of which must be answered right, and the
/// replies as they come in. A reply of another node settles the matter, however many were right.
/// Replies that carry none of our IDs are not ours; they are passed over and told about only when
/// ours stay away.
final class Round {

    private static final int ID_BOUND = 1 << 16;

    private final byte[] nsid;
    private final Map<Integer, Query> open = new HashMap<>();
    private final List<byte[]> requests = new ArrayList<>();
    private final int required;
    private int spare;
    private int right;
    private @Nullable String fault;
    private @Nullable String stray;

    Round(List<Query> queries, int required, byte[] nsid, RandomGenerator random) {
        this.required = required;
        this.spare = queries.size() - required;
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

    /// Whether the answers that are in settle the matter.
    boolean done() {
        return spare < 0 || right >= required;
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
        String wrong = query.fault(message, nsid);
        if (wrong == null) {
            right++;
        } else {
            fault = wrong;
            spare = Query.stranger(message, nsid) == null ? spare - 1 : -1;
        }
    }

    /// How a round that is done ended.
    ///
    /// @param nanos how long it took
    Outcome outcome(long nanos) {
        return spare >= 0 || fault == null ? new Outcome.Right(nanos) : new Outcome.Wrong(fault);
    }

    /// How a round ended whose answers stayed away.
    ///
    /// @param why e.g. `no answer within 200 ms`
    Outcome unanswered(String why) {
        return rather(new Outcome.Unanswered(why));
    }

    /// How a round ended that nobody was there for.
    Outcome refused(String why) {
        return rather(new Outcome.Unanswered(why, true));
    }

    /// What was wrong tells more than what stayed away.
    private Outcome rather(Outcome unanswered) {
        String wrong = fault == null ? stray : fault;
        return wrong == null ? unanswered : new Outcome.Wrong(wrong);
    }
}
