//! The numbers of all errors, each with its exit status and its page.

use std::fmt;

use crate::exit::Exit;

macro_rules! codes {
    ($($name:ident = $number:literal, $exit:ident, $title:literal;)*) => {
        /// The number of an error; each has a page in `docs/errors/`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as it is printed: `E0202`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $number,)* }
            }

            /// What the error is about, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// The exit status it leads to.
            pub fn exit(self) -> Exit {
                match self { $(Self::$name => Exit::$exit,)* }
            }

            /// The page that explains it.
            pub fn page(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("../docs/errors/", $number, ".md")),)* }
            }
        }
    };
}

codes! {
    Usage = "E0101", Usage, "the command line is wrong";
    BadValue = "E0102", Usage, "a value is not what the option takes";
    Contradiction = "E0103", Usage, "two inputs contradict each other";
    UnknownName = "E0104", Usage, "nothing has this name";
    TooLarge = "E0105", Usage, "the demand is larger than can be counted";
    Syntax = "E0201", Failed, "the file is not valid TOML";
    UnknownField = "E0202", Failed, "unknown field";
    WrongType = "E0203", Failed, "a value of the wrong type";
    MissingField = "E0204", Failed, "a required field is missing";
    BadField = "E0205", Failed, "a value outside what the field takes";
    TierGap = "E0206", Failed, "no tier covers part of the table";
    TierOrder = "E0207", Failed, "a tier row out of order";
    Dangling = "E0208", Failed, "a name that refers to nothing";
    PortTwice = "E0209", Failed, "the same port twice";
    NameTwice = "E0210", Failed, "the same name twice";
    Cycle = "E0211", Failed, "services that wait for each other";
    Overfull = "E0212", Failed, "more is placed on a server than it has";
    LoadTestFile = "E0221", Failed, "a file that is no result of a load test";
    NoTier = "E0301", Failed, "no tier bears this demand";
    NotSizable = "E0302", Failed, "the blueprint says nothing to size from";
    NoMachine = "E0303", Failed, "no machine holds this service";
    TooFewMachines = "E0304", Failed, "more machines are needed than the limit allows";
    NotRendered = "E0401", Failed, "this is not rendered yet";
    Edited = "E0402", Failed, "a rendered file was edited since";
    Template = "E0403", Failed, "a template cannot be filled in";
    BadOutput = "E0404", Failed, "a rendered file would be wrong";
    File = "E0501", Failed, "a file cannot be read or written";
    NotUtf8 = "E0502", Failed, "a file is not UTF-8 text";
    Busy = "E0503", Locked, "another run is at work here";
    PriceList = "E0504", Failed, "a provider's price list cannot be read";
    NotAResult = "E0505", Failed, "a file is not a result of rapplan";
    MovingTag = "E0601", Failed, "an image that cannot be gone back to";
    UserData = "E0602", Failed, "a machine would be started with more than fits";
    NoCredentials = "E0701", Login, "a cloud cannot be worked on";
    StalePlan = "E0702", Failed, "a saved plan is for another state";
    AlteredPlan = "E0703", Failed, "a saved plan was altered";
    CapacityDrop = "E0704", Policy, "the capacity would fall below the demand";
    Leased = "E0705", Locked, "another run works on the deployment";
    Unconfirmed = "E0706", Usage, "nobody gave leave to change anything";
    Unattainable = "E0707", Failed, "what is wanted cannot be had";
    RolledBack = "E0708", RolledBack, "the rollout failed and was rolled back";
    PartWay = "E0709", Stopped, "a run stopped part-way";
    NoRevision = "E0710", Failed, "there is nothing to go back to";
    BadState = "E0711", Failed, "a file of rapplan's own state cannot be read";
    Interrupted = "E0712", Interrupted, "a run was interrupted";
    Internal = "E0901", Internal, "a fault in rapplan itself";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
