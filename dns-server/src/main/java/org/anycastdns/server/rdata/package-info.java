/// The one table of record types: each type is declared once, as the list of its fields, and all
/// that is done with its data follows from that list.
///
/// ```
///   RecordTypes   type -> fields, one row each
///
///   text  --RdataReader, Field.read-->   wire    master files, \# of RFC 3597 included
///             (ValueReader: numbers, names, strings, ...; TokenReader: tokens, problems)
///   wire  --Rdata.check, Field.check-->  sound?  length and syntax, total on any octets
///   wire  --Rdata.canonical---------->   wire    names in lower case (RFC 4034 section 6.2)
///   wire  --Rdata.text, Field.print-->   text    for messages and files
///   type  --RdataNames--------------->   which names are compressed, and which are hosts
/// ```
///
/// To add a type is to add its row, and its test. More than 20 types because each kind of field is
/// one.
@NullMarked
package org.anycastdns.server.rdata;

import org.jspecify.annotations.NullMarked;
