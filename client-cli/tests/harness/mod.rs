//! Runs the real command and looks at what it wrote and how it ended.

// Each test file is its own program and uses its part of this one.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A zone of three firms, invented: one lead, one flow without a partner.
pub const SHEET: &str = "\
firm,direction,ref,name,resource,quantity,unit,period,latitude,longitude,price,price_year
Acme (invented),output,gyp,FGD gypsum,DON:fgd_gypsum,1000,t,year,55.66,11.08,40,2026
Bolt (invented),input,plaster,Gypsum,mat.mineral.gypsum,5000,t,year,55.67,11.09,30,2026
Cogs (invented),output,pulp,Beet pulp,DON:beet_pulp,300,t,year,55.68,11.07,,
";

/// The same zone with two cells nobody could read.
pub const BAD_SHEET: &str = "\
firm,direction,ref,name,resource,quantity,unit,period
Acme (invented),output,gyp,FGD gypsum,DON:fgd_gypsum,twelve,t,year
Bolt (invented),input,plaster,Gypsum,mat.mineral.gypsum,5000,furlongs,year
";

/// What a command wrote and how it ended.
pub struct Ended {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The command with an environment of its own.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boucle"));
    command
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "en_GB.UTF-8")
        .env("COLUMNS", "140")
        .env_remove("BOUCLE_TOKEN")
        .env_remove("BOUCLE_LOG");
    command
}

/// Runs the command to its end.
pub fn boucle<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Ended {
    ended(command().args(arguments).output().unwrap())
}

/// What an output says.
pub fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder with sheets in it.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// An empty folder.
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// Path of a file in it.
    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file into it.
    pub fn with(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Whether a file is in it.
    pub fn has(&self, name: &str) -> bool {
        Path::new(&self.path(name)).exists()
    }
}

/// A file of the test data.
pub fn testdata(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata");
    root.join(name).to_str().unwrap().to_owned()
}
