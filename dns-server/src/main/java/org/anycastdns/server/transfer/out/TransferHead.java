package org.anycastdns.server.transfer.out;

import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.Question;
import org.jspecify.annotations.Nullable;

/// What the messages of a transfer have besides records.
///
/// @param id the ID of the request
/// @param flags bits of the header that the response repeats
/// @param question the question of the request, in its spelling
/// @param firstOpt OPT of the first message, with options; null if the request has no OPT
/// @param laterOpt OPT of the other messages; null if the request has no OPT
record TransferHead(
        int id,
        int flags,
        Question question,
        @Nullable MessageRecord firstOpt,
        @Nullable MessageRecord laterOpt) {

    @Nullable MessageRecord opt(boolean first) {
        return first ? firstOpt : laterOpt;
    }
}
