package org.anycastdns.announcer.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.anycastdns.announcer.health.Outcome;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/// One probe: the queries sent together, and the responses to them. A required number of the
/// queries must be answered correctly. A response from another node decides the probe, however many
/// were correct. A response without one of our IDs is not ours: it is ignored, and only reported if
/// our own responses do not arrive.
final class Round {

    private static final int ID_BOUND = 1 << 16;

    private final byte[] nsid;
    private final Map<Integer, Question> open = new HashMap<>();
    private final List<byte[]> requests = new ArrayList<>();
    private final int required;
    private int spare;
    private int right;
    private @Nullable String fault;
    private @Nullable String stray;

    Round(List<? extends Question> queries, int required, byte[] nsid, RandomGenerator random) {
        this.required = required;
        this.spare = queries.size() - required;
        this.nsid = nsid;
        for (Question query : queries) {
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

    /// Returns whether the responses so far decide the outcome.
    boolean done() {
        return spare < 0 || right >= required;
    }

    void reply(byte[] wire) {
        Message message = Query.parse(wire);
        if (message == null) {
            stray = "a reply that is no DNS message";
            return;
        }
        Question query = open.remove(message.getHeader().getID());
        if (query == null) {
            stray = "a reply with another ID than the query's";
            return;
        }
        String wrong = query.fault(message, nsid);
        if (wrong == null) {
            right++;
        } else {
            fault = wrong;
            spare = query.stranger(message, nsid) == null ? spare - 1 : -1;
        }
    }

    /// Returns the outcome of a finished round.
    ///
    /// @param nanos how long it took, in nanoseconds
    Outcome outcome(long nanos) {
        return spare >= 0 || fault == null ? new Outcome.Right(nanos) : new Outcome.Wrong(fault);
    }

    /// Returns the outcome of a round whose responses did not arrive.
    ///
    /// @param why the reason, e.g. `no answer within 200 ms`
    Outcome unanswered(String why) {
        return rather(new Outcome.Unanswered(why));
    }

    /// Returns the outcome of a round that was refused, because the port is not open.
    Outcome refused(String why) {
        return rather(new Outcome.Unanswered(why, true));
    }

    /// Prefers a wrong response as the outcome, because it says more than a missing one.
    private Outcome rather(Outcome unanswered) {
        String wrong = fault == null ? stray : fault;
        return wrong == null ? unanswered : new Outcome.Wrong(wrong);
    }
}
