global using Lambent.EndToEnd.Calls;
global using Lambent.EndToEnd.Packages;
global using Lambent.EndToEnd.Servers;
global using Shouldly;
global using Xunit;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// The tests measure time limits and fill the machine: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
