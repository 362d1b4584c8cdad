//! A slice as one Arrow record batch in a file, and back without copying: members are its rows, their
//! facts its columns, and for each table a list with one array a column. Ids that lie with the slice
//! are lists of which the first member has all.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{UInt16Type, UInt32Type};
use arrow_array::{Array, ArrayRef, FixedSizeBinaryArray, ListArray, RecordBatch, StringArray, StructArray, UInt16Array, UInt32Array};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Fields, Schema};
use shuke_kernel::{Error, Result};

use crate::ints::Ints;
use crate::registry::Registry;
use crate::slice::{Ends, IdParts, Ids, Lexicon, Numbered, Rows, Slice, Spells};

/// What a name in a file begins with, so that a fact and a table may be called alike.
const FACT: &str = "fact.";
const HISTORY: &str = "history.";
const TABLE: &str = "table.";
const IDS: &str = "ids.";
const OWNERS: &str = "owners.";
const SPELL: [&str; 3] = ["value", "from", "to"];

fn lacks(what: &str) -> Error {
    Error::fault(format!("a slice lacks {what}"))
}

struct Made {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
    members: usize,
}

impl Made {
    fn put(&mut self, (field, array): (Field, ArrayRef)) {
        self.fields.push(field);
        self.arrays.push(array);
    }

    /// Rows of members, whose ends are `of`, as a list named `name`.
    fn rows(&mut self, name: String, of: &Ends, columns: Vec<(Field, ArrayRef)>) -> Result<()> {
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
        let length = arrays.first().map_or(0, |a| a.len());
        let rows = StructArray::try_new_with_length(Fields::from(fields), arrays, None, length).map_err(Error::fault)?;
        let mut ends: Vec<i32> = vec![0];
        let too_many = |_| Error::fault("a slice holds more rows than it can count");
        match of.ends().is_empty() {
            true => ends.resize(self.members + 1, 0),
            false => {
                ends.extend(of.ends().iter().map(|e| i32::try_from(*e)).collect::<std::result::Result<Vec<_>, _>>().map_err(too_many)?)
            }
        }
        self.list(name, ends, Arc::new(rows))
    }

    /// Columns that belong to no member, as a list of which the first member has all.
    fn whole(&mut self, name: String, fields: Vec<Field>, arrays: Vec<ArrayRef>) -> Result<()> {
        let rows = StructArray::try_new(Fields::from(fields), arrays, None).map_err(Error::fault)?;
        let count = i32::try_from(rows.len()).map_err(|_| Error::fault("a slice holds more ids than it can count"))?;
        let mut ends = vec![count; self.members + 1];
        ends[0] = 0;
        self.list(name, ends, Arc::new(rows))
    }

    fn numbered(&mut self, name: &str, of: &Numbered) -> Result<()> {
        let owners = FixedSizeBinaryArray::try_new(16, of.owners.clone(), None).map_err(Error::fault)?;
        let note = HashMap::from([("prefix".to_owned(), of.prefix.to_string())]);
        let id = Field::new("id", owners.data_type().clone(), false).with_metadata(note);
        let end = Field::new("end", DataType::UInt32, false);
        let ends: ArrayRef = Arc::new(UInt32Array::new(of.ends.clone(), None));
        self.whole(format!("{OWNERS}{name}"), vec![id, end], vec![Arc::new(owners), ends])?;
        let numbers: ArrayRef = Arc::new(UInt16Array::new(of.numbers.clone(), None));
        self.whole(format!("{IDS}{name}"), vec![Field::new("number", DataType::UInt16, false)], vec![numbers])
    }

    fn list(&mut self, name: String, ends: Vec<i32>, rows: ArrayRef) -> Result<()> {
        let item = Arc::new(Field::new("item", rows.data_type().clone(), false));
        let list = ListArray::try_new(item, OffsetBuffer::new(ends.into()), rows, None).map_err(Error::fault)?;
        self.put((Field::new(name, list.data_type().clone(), false), Arc::new(list)));
        Ok(())
    }
}

fn id_array(ids: &Ids) -> Result<(ArrayRef, HashMap<String, String>)> {
    Ok(match ids.parts() {
        IdParts::Keys { prefix, keys } => {
            let array = FixedSizeBinaryArray::try_new(16, keys.clone(), None).map_err(Error::fault)?;
            (Arc::new(array), HashMap::from([("prefix".to_owned(), prefix.to_owned())]))
        }
        IdParts::Numbered(_) | IdParts::Texts { .. } => (Arc::new(StringArray::from_iter_values(ids.iter())), HashMap::new()),
    })
}

fn ids_of(field: &Field, array: &ArrayRef) -> Result<Ids> {
    if let (Some(keys), Some(prefix)) = (array.as_fixed_size_binary_opt(), field.metadata().get("prefix")) {
        return Ids::of_keys(prefix, keys.values().clone());
    }
    let texts = array.as_string_opt::<i32>().ok_or_else(|| Error::fault("ids are neither keys nor texts"))?;
    Ids::of_texts(ends(texts.offsets()), texts.values().clone())
}

fn numbered_of(owners: &StructArray, ids: &StructArray) -> Result<Ids> {
    let keys = owners.column_by_name("id").and_then(|c| c.as_fixed_size_binary_opt()).ok_or_else(|| lacks("owners of ids"))?;
    let ends = owners.column_by_name("end").and_then(|c| c.as_primitive_opt::<UInt32Type>()).ok_or_else(|| lacks("ends of ids"))?;
    let numbers = ids.column_by_name("number").and_then(|c| c.as_primitive_opt::<UInt16Type>()).ok_or_else(|| lacks("numbers of ids"))?;
    let prefix = owners.fields().first().and_then(|f| f.metadata().get("prefix")).ok_or_else(|| lacks("the prefix of ids"))?;
    Numbered::from_parts(prefix, keys.values().clone(), ends.values().clone(), numbers.values().clone()).map(Ids::numbered)
}

/// The ends behind the first of these offsets.
fn ends(offsets: &OffsetBuffer<i32>) -> ScalarBuffer<u32> {
    ScalarBuffer::new(offsets.inner().inner().clone(), 1, offsets.len().saturating_sub(1))
}

fn spells(of: &Spells) -> Vec<(Field, ArrayRef)> {
    SPELL.iter().zip([&of.value, &of.from, &of.to]).map(|(name, column)| column.to_array(name)).collect()
}

/// A slice as a record batch.
pub(crate) fn batch(registry: &Registry, slice: &Slice) -> Result<RecordBatch> {
    let mut made = Made { fields: Vec::new(), arrays: Vec::new(), members: slice.len() };
    let (ids, notes) = id_array(&slice.members)?;
    made.put((Field::new("id", ids.data_type().clone(), false).with_metadata(notes), ids));
    for (fact, column) in registry.current().zip(&slice.facts) {
        made.put(column.to_array(&format!("{FACT}{}", fact.name)));
    }
    for (fact, of) in registry.histories().zip(&slice.histories) {
        made.rows(format!("{HISTORY}{}", fact.name), &of.of, spells(of))?;
    }
    made.rows("tags".to_owned(), &slice.tags.of, spells(&slice.tags))?;
    for (table, rows) in registry.tables().iter().zip(&slice.tables) {
        let columns = table.columns.iter().zip(&rows.columns).map(|(c, column)| column.to_array(&c.name)).collect();
        made.rows(format!("{TABLE}{}", table.name), &rows.of, columns)?;
    }
    for (vocabulary, ids) in registry.vocabularies().iter().zip(&slice.ids).filter(|(v, _)| v.is_local) {
        if let IdParts::Numbered(of) = ids.parts() {
            made.numbered(&vocabulary.name, of)?;
            continue;
        }
        let (ids, notes) = id_array(ids)?;
        let field = Field::new("id", ids.data_type().clone(), false).with_metadata(notes);
        made.whole(format!("{IDS}{}", vocabulary.name), vec![field], vec![ids])?;
    }
    RecordBatch::try_new(Arc::new(Schema::new(made.fields)), made.arrays).map_err(Error::fault)
}

/// A table of a batch: whose its rows are, and its columns by name.
struct List<'a> {
    of: Ends,
    rows: &'a StructArray,
}

impl<'a> List<'a> {
    fn of(batch: &'a RecordBatch, name: &str) -> Result<Self> {
        let list = batch.column_by_name(name).and_then(|c| c.as_list_opt::<i32>()).ok_or_else(|| lacks(name))?;
        let rows = list.values().as_struct_opt().ok_or_else(|| lacks(name))?;
        Ok(Self { of: Ends::new(ends(list.offsets())), rows })
    }

    fn column(&self, name: &str) -> Result<Ints> {
        let at = self.rows.fields().iter().position(|f| f.name() == name).ok_or_else(|| lacks(name))?;
        Ints::unpack(&self.rows.fields()[at], self.rows.column(at))
    }

    fn spells(self) -> Result<Spells> {
        let [value, from, to] = SPELL.map(|name| self.column(name));
        Ok(Spells::new(self.of, value?, from?, to?))
    }
}

/// Reads what [`batch`] made; `lexicon` has the words of its codes.
pub(crate) fn view(registry: &Registry, lexicon: &Arc<Lexicon>, first: u32, batch: &RecordBatch) -> Result<Slice> {
    let schema = batch.schema();
    let column = |name: &str| {
        let at = schema.index_of(name).map_err(|_| lacks(name))?;
        Ok::<_, Error>((schema.field(at).clone(), batch.column(at)))
    };
    let (field, array) = column("id")?;
    let members = ids_of(&field, array)?;
    let facts = registry.current().map(|fact| {
        let (field, array) = column(&format!("{FACT}{}", fact.name))?;
        Ints::unpack(&field, array)
    });
    let histories = registry.histories().map(|fact| List::of(batch, &format!("{HISTORY}{}", fact.name))?.spells());
    let tables = registry.tables().iter().map(|table| {
        let list = List::of(batch, &format!("{TABLE}{}", table.name))?;
        let columns = table.columns.iter().map(|c| list.column(&c.name)).collect::<Result<Vec<_>>>()?;
        Ok(Rows { of: list.of, columns })
    });
    let ids = registry.vocabularies().iter().enumerate().map(|(i, vocabulary)| {
        // Members have theirs as the rows' names.
        if !vocabulary.is_local || i == crate::registry::MEMBER_ID {
            return Ok(Ids::default());
        }
        let list = List::of(batch, &format!("{IDS}{}", vocabulary.name))?;
        if schema.index_of(&format!("{OWNERS}{}", vocabulary.name)).is_ok() {
            return numbered_of(List::of(batch, &format!("{OWNERS}{}", vocabulary.name))?.rows, list.rows);
        }
        ids_of(&list.rows.fields()[0], list.rows.column(0))
    });
    Ok(Slice {
        first,
        facts: facts.collect::<Result<_>>()?,
        histories: histories.collect::<Result<_>>()?,
        tags: List::of(batch, "tags")?.spells()?,
        tables: tables.collect::<Result<_>>()?,
        ids: ids.collect::<Result<_>>()?,
        members,
        lexicon: lexicon.clone(),
    })
}

/// Writes a file of one record batch.
pub(crate) fn write(batch: &RecordBatch, to: impl std::io::Write) -> Result<()> {
    let mut writer = arrow_ipc::writer::FileWriter::try_new(to, &batch.schema()).map_err(Error::fault)?;
    writer.write(batch).and_then(|()| writer.finish()).map_err(Error::fault)
}

#[cfg(test)]
mod tests {
    use arrow_buffer::Buffer;

    use super::*;
    use crate::people::tell;
    use crate::registry::TAG;
    use crate::shelf::read_batch;
    use crate::slice::{Draft, Spell, lay_out};

    #[test]
    fn what_is_written_comes_back() {
        let registry = Registry::standard();
        let mut lexicon = Lexicon::of(&registry);
        let vip = lexicon.words_mut(TAG).code("VIP").map(i64::from);
        let (orders, table) = registry.find_table("orders").unwrap();
        let order_id = table.columns[0].words.unwrap();
        let names = ["ord_00000000000000000000000001", "ord_00000000000000000000000002", "ord_00000000000000000000000003"];
        let codes: Vec<i64> = names.iter().map(|n| lexicon.words_mut(order_id).code(n).unwrap().into()).collect();
        for members in [1, 3] {
            let drafts: Vec<Draft> = (0..members)
                .map(|i| {
                    let mut draft = Draft::new(&registry, &format!("mem_0000000000000000000000000{i}"));
                    draft.facts[0] = Some(1_000_000 * i);
                    draft.tags = vec![Spell { value: vip.unwrap(), from: 5, to: (i == 1).then_some(9) }];
                    draft.histories[1] = vec![Spell { value: 1, from: 7, to: None }];
                    for code in codes.iter().take(i as usize) {
                        let mut row = vec![None; table.columns.len()];
                        (row[0], row[1], row[table.find("paid").unwrap()]) = (Some(*code), Some(*code), Some(100));
                        draft.rows[orders].push(row);
                    }
                    draft
                })
                .collect();
            let lexicon = Arc::new(lexicon.clone());
            let slice = lay_out(&registry, &lexicon, 0, drafts);
            let mut bytes = Vec::new();
            write(&batch(&registry, &slice).unwrap(), &mut bytes).unwrap();
            let again = view(&registry, &lexicon, 0, &read_batch("x", &Buffer::from(bytes.clone())).unwrap()).unwrap();
            assert_eq!(again.len(), slice.len());
            for member in 0..slice.len() {
                assert_eq!(tell(&registry, &again, member), tell(&registry, &slice, member));
            }
            for cut in 0..bytes.len() {
                assert!(read_batch("x", &Buffer::from(&bytes[..cut])).is_err(), "cut at {cut}");
            }
        }
    }
}
