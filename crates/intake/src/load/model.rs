//! An import and its files, as they are kept and shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Instant, Kind};

shuke_kernel::ids! {
    /// An import: one load of one or more files.
    ImportId = Import "imp";
    /// A record in quarantine.
    QuarantineId = Quarantine "qua";
    /// A saved mapping.
    MappingId = MappingRow "map";
}

/// No such import.
pub static IMPORT_NOT_FOUND: Code =
    Code { code: "import.not_found", kind: Kind::NotFound, zh: "找不到这次导入。", en: "There is no such import." };
/// The import is not in a state for that.
pub static IMPORT_STATE: Code = Code {
    code: "import.wrong_state",
    kind: Kind::Conflict,
    zh: "这次导入的状态是「{state}」，现在不能执行这个操作。",
    en: "This import is {state}; that cannot be done now.",
};
/// No file came, or one without content.
pub static NO_FILE: Code = Code {
    code: "import.no_file",
    kind: Kind::Invalid,
    zh: "没有收到文件。请选择至少一个文件。",
    en: "No file arrived. Choose at least one.",
};
/// The upload ended early, or is not what it says.
pub static BROKEN_UPLOAD: Code = Code {
    code: "import.broken_upload",
    kind: Kind::Invalid,
    zh: "上传中断了，或请求不是有效的 multipart/form-data。请重新上传；文件名里不要有特殊控制字符。",
    en: "The upload broke off, or is no valid multipart/form-data. Send it again, without control characters in file names.",
};
/// The upload is larger than one may be.
pub static TOO_LARGE: Code = Code {
    code: "import.too_large",
    kind: Kind::Invalid,
    zh: "一次最多上传 {max} GB。请分几次上传，或在服务器上用 shuke import 读取。",
    en: "An upload has {max} GB at most. Send the files in several uploads, or read them on the machine with shuke import.",
};
/// A file that is no table.
pub static UNREADABLE: Code = Code { code: "import.unreadable_file", kind: Kind::Unprocessable, zh: "{text}", en: "{text_en}" };
/// The file of a staged import changed or went away.
pub static FILE_CHANGED: Code = Code {
    code: "import.file_changed",
    kind: Kind::Conflict,
    zh: "文件 {name} 在预览之后被改动或移走了。请重新导入。",
    en: "{name} was changed or moved after the preview. Import it again.",
};
/// A file of the import that is not there.
pub static NO_SUCH_FILE: Code =
    Code {
        code: "import.no_such_file", kind: Kind::NotFound, zh: "这次导入里没有文件 {name}。", en: "This import has no file {name}."
    };
/// Rejects of several files asked for at once.
pub static NAME_A_FILE: Code = Code {
    code: "import.name_a_file",
    kind: Kind::Invalid,
    zh: "这次导入有多个文件含待修正的行：请用 file 参数一次下载一个文件的表格。",
    en: "Several files of this import have open records: ask for one file's sheet at a time with `file`.",
};
/// A mapping that does not fit.
pub static BAD_MAPPING: Code =
    Code { code: "mapping.invalid", kind: Kind::Invalid, zh: "列映射不完整：{why}", en: "The mapping does not fit: {why}" };
/// No such mapping.
pub static MAPPING_NOT_FOUND: Code =
    Code { code: "mapping.not_found", kind: Kind::NotFound, zh: "找不到这个列映射。", en: "There is no such mapping." };
/// A file whose columns nobody knows.
pub static NEEDS_MAPPING: Code = Code {
    code: "import.needs_mapping",
    kind: Kind::Unprocessable,
    zh: "文件 {name} 的格式没有认出来：请先在列映射里说明各列的含义。",
    en: "The format of {name} was not recognised: say first what its columns mean.",
};
/// No such record.
pub static QUARANTINE_NOT_FOUND: Code =
    Code {
        code: "quarantine.not_found", kind: Kind::NotFound, zh: "找不到这条隔离记录。", en: "There is no such record in quarantine."
    };
/// The record is settled.
pub static QUARANTINE_STATE: Code = Code {
    code: "quarantine.settled",
    kind: Kind::Conflict,
    zh: "这条记录已经处理过了（{state}）。",
    en: "This record is settled already ({state}).",
};

/// What a load came to, so far.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Orders that were not known.
    pub orders_new: i64,
    /// Orders that changed.
    pub orders_changed: i64,
    /// Orders, members and products about which nothing new was said.
    pub unchanged: i64,
    /// Members that were not known.
    pub members_new: i64,
    /// Member rows loaded.
    pub members: i64,
    /// Lines read.
    pub lines: i64,
    /// Products loaded.
    pub products: i64,
    /// Addresses added to the suppression list.
    pub suppressions: i64,
    /// Rows of tags taken in.
    pub tags: i64,
    /// Members who have other tags since.
    pub tagged: i64,
    /// Rows of tags that came in a sheet of corrections: such an import replaces no source.
    pub tag_corrections: i64,
    /// Sources of tags of which nobody's tags ended, as too many rows were refused.
    pub ends_kept: i64,
    /// Days of weather in a region of which something else is known since.
    pub weather: i64,
    /// Refunds loaded.
    pub refunds: i64,
    /// Records put into quarantine.
    pub quarantined: i64,
    /// Bad records that were repaired in an earlier import, where they came with the same content.
    pub repaired_before: i64,
    /// Bad records that were set aside there.
    pub set_aside_before: i64,
    /// Records passed over as repeats.
    pub skipped: i64,
    /// Orders whose buyer the source hides.
    pub unidentified: i64,
    /// Records of earlier imports that its rows settled in quarantine.
    pub mended: i64,
}

impl Counts {
    /// Adds another's.
    pub fn add(&mut self, more: &Self) {
        let Self {
            orders_new,
            orders_changed,
            unchanged,
            members_new,
            members,
            lines,
            products,
            suppressions,
            tags,
            tagged,
            tag_corrections,
            ends_kept,
            weather,
            refunds,
            quarantined,
            repaired_before,
            set_aside_before,
            skipped,
            unidentified,
            mended,
        } = more;
        self.orders_new += orders_new;
        self.orders_changed += orders_changed;
        self.unchanged += unchanged;
        self.members_new += members_new;
        self.members += members;
        self.lines += lines;
        self.products += products;
        self.suppressions += suppressions;
        self.tags += tags;
        self.tagged += tagged;
        self.tag_corrections += tag_corrections;
        self.ends_kept += ends_kept;
        self.weather += weather;
        self.refunds += refunds;
        self.quarantined += quarantined;
        self.repaired_before += repaired_before;
        self.set_aside_before += set_aside_before;
        self.skipped += skipped;
        self.unidentified += unidentified;
        self.mended += mended;
    }
}

/// Which records of a file are loaded: all up to one, and some beyond it that met what another
/// file says of their order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Mark {
    /// All records up to this one.
    pub up_to: u64,
    /// First and last record of each stretch beyond.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub beyond: BTreeMap<u64, u64>,
}

impl Mark {
    /// Notes that these records are loaded.
    pub fn add(&mut self, first: u64, last: u64) {
        self.beyond.insert(first, last);
        while let Some(next) = self.beyond.first_entry().filter(|e| *e.key() <= self.up_to + 1) {
            self.up_to = self.up_to.max(next.remove());
        }
    }

    /// Whether a record is.
    pub fn has(&self, record: u64) -> bool {
        record <= self.up_to || self.beyond.range(..=record).next_back().is_some_and(|(_, last)| record <= *last)
    }

    fn records(&self) -> u64 {
        self.up_to + self.beyond.iter().map(|(first, last)| last - first + 1).sum::<u64>()
    }
}

/// Records of a file, one after the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Of which file.
    pub file: i64,
    /// From this record
    pub first: u64,
    /// to that one.
    pub last: u64,
}

/// Where a load is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// How far each file is.
    pub files: BTreeMap<i64, Mark>,
    /// What it came to.
    pub counts: Counts,
}

impl Place {
    /// Notes that records are loaded.
    pub fn read(&mut self, stretch: &Stretch) {
        self.files.entry(stretch.file).or_default().add(stretch.first, stretch.last);
    }

    /// Takes over a place that is further on: steps that are under way at once end in any order.
    pub fn follow(&mut self, other: Self) {
        if other.records() >= self.records() {
            *self = other;
        }
    }

    /// How many are, of all files.
    pub fn records(&self) -> i64 {
        self.files.values().map(|m| m.records() as i64).sum()
    }
}

/// An import, as it is kept.
#[derive(Clone, Debug)]
pub struct ImportRun {
    /// Which.
    pub id: ImportId,
    /// Its number: what observations are marked with.
    pub number: i64,
    /// `staged`, `running`, `stopped`, `done`, `undoing`, `undone` or `failed`.
    pub state: String,
    /// For lists: the first file's name and how many more.
    pub title: String,
    /// The shop that the files are of.
    pub shop: Option<[u8; 16]>,
    /// What it came to.
    pub counts: Counts,
    /// The job that loads or undoes it.
    pub job: Option<shuke_store::jobs::JobId>,
    /// When it was staged.
    pub created_at: Instant,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// Its files.
    pub files: Vec<FileRun>,
}

/// A file of an import.
#[derive(Clone, Debug)]
pub struct FileRun {
    /// Its place in the import, from 0.
    pub file: i64,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256.
    pub digest: [u8; 32],
    /// Where it lies, if it was not staged in the store.
    pub path: Option<String>,
    /// Its format.
    pub format: String,
    /// Its platform.
    pub platform: String,
    /// How its columns are read, if said.
    pub mapping: Option<crate::Mapping>,
    /// Records.
    pub records: i64,
    /// Good ones.
    pub good: i64,
    /// Bad ones.
    pub bad: i64,
    /// Repeats.
    pub skipped: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_close_up_whatever_comes_first() {
        let mut mark = Mark::default();
        mark.add(3, 4);
        mark.add(7, 7);
        assert_eq!((mark.up_to, mark.records(), mark.has(4), mark.has(5)), (0, 3, true, false));
        mark.add(1, 2);
        assert_eq!((mark.up_to, mark.records()), (4, 5));
        mark.add(5, 6);
        assert_eq!(mark, Mark { up_to: 7, beyond: BTreeMap::new() });
    }

    #[test]
    fn the_step_that_ended_last_tells_how_far_a_load_is() {
        let at = |last: u64, orders_new: i64| {
            let mut place = Place { counts: Counts { orders_new, ..Counts::default() }, ..Place::default() };
            place.read(&Stretch { file: 0, first: 1, last });
            place
        };
        let mut place = Place::default();
        place.follow(at(800, 800));
        place.follow(at(400, 400));
        assert_eq!(place.counts.orders_new, 800);
    }
}
