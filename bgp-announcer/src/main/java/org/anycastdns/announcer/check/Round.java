package org.anycastdns.announcer.check;

import java.nio.ByteBuffer;
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
/// were correct.
///
/// A response is ours if it has the ID of a query and returns its question, letter by letter. IDs
/// and the case of letters are random, so that nobody who does not see the query can forge a
/// response. What is not ours is ignored: it does not end the wait, and is only reported if our own
/// responses do not arrive.
final class Round {

    private static final int ID_BOUND = 1 << 16;

    private final byte[] nsid;
    private final Map<Integer, Asked> open = new HashMap<>();
    private final List<byte[]> requests = new ArrayList<>();
    private final int required;
    private int spare;
    private int right;
    private @Nullable String fault;
    private @Nullable String stray;

    /// A question as it was sent.
    private record Asked(Question question, byte[] request) {}

    Round(List<? extends Question> queries, int required, byte[] nsid, RandomGenerator random) {
        this.required = required;
        this.spare = queries.size() - required;
        this.nsid = nsid;
        for (Question query : queries) {
            int id = random.nextInt(ID_BOUND);
            while (open.containsKey(id)) {
                id = random.nextInt(ID_BOUND);
            }
            byte[] request = query.request(id);
            if (query.mixesCase()) {
                QuestionSection.mixCase(request, random);
            }
            open.put(id, new Asked(query, request));
            requests.add(request);
        }
    }

    List<byte[]> requests() {
        return requests;
    }

    /// Returns whether the responses so far decide the outcome.
    boolean done() {
        return spare < 0 || right >= required;
    }

    /// Takes a response that arrived where only the response to one request may arrive.
    ///
    /// @param request the number of the request, from 0
    void replyTo(int request, byte[] wire) {
        if (wire.length < QuestionSection.START || id(wire) == id(requests.get(request))) {
            reply(wire);
        } else {
            stray = "a reply with another ID than the query's";
        }
    }

    /// Takes a response to any of the requests.
    void reply(byte[] wire) {
        Message message = Query.parse(wire);
        if (message == null) {
            stray = "a reply that is no DNS message";
            return;
        }
        Asked asked = open.get(id(wire));
        if (asked == null) {
            stray = "a reply with another ID than the query's";
            return;
        }
        Question query = asked.question();
        String foreign = QuestionSection.difference(asked.request(), wire, query.mixesCase());
        if (foreign != null) {
            stray = foreign + " " + query;
            return;
        }
        open.remove(id(wire));
        String wrong = query.fault(message, nsid);
        if (wrong == null) {
            right++;
        } else {
            fault = wrong;
            spare = query.stranger(message, nsid) == null ? spare - 1 : -1;
        }
    }

    private static int id(byte[] wire) {
        return Short.toUnsignedInt(ByteBuffer.wrap(wire).getShort());
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
