//! Where an answer goes: standard output, or a file that is there whole or not at all.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

pub(super) struct Output {
    to: Box<dyn Write>,
    /// The file being written, and the name it gets when it is finished.
    file: Option<(PathBuf, PathBuf)>,
    is_reader_gone: bool,
}

impl Output {
    pub(super) fn to(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = file else {
            let to = Box::new(BufWriter::new(std::io::stdout()));
            return Ok(Self { to, file: None, is_reader_gone: false });
        };
        let mut name = path.file_name().context("-o 后面应是文件名").map(ToOwned::to_owned)?;
        name.push(".part");
        let part = path.with_file_name(name);
        let to = std::fs::File::create(&part)
            .with_context(|| format!("写不了 {}，请核对文件夹和权限。", path.display()))?;
        let file = Some((part, path.to_owned()));
        Ok(Self { to: Box::new(BufWriter::new(to)), file, is_reader_gone: false })
    }

    /// A reader that went away (`gongkai … | head`) is no error.
    pub(super) fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.is_reader_gone {
            return Ok(());
        }
        match self.to.write_all(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_reader_gone = true;
                Ok(())
            }
            done => done.context("写入结果时出错，请核对磁盘空间。"),
        }
    }

    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        match self.to.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            done => done.context("写入结果时出错，请核对磁盘空间。")?,
        }
        if let Some((part, path)) = self.file.take() {
            std::fs::rename(&part, &path).with_context(|| format!("写不了 {}。", path.display()))?;
        }
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.file {
            let _ = std::fs::remove_file(part);
        }
    }
}
