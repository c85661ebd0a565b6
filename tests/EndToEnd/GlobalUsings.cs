global using Lambent.EndToEnd.Calls;
global using Lambent.EndToEnd.Packages;
global using Lambent.EndToEnd.Servers;
global using Shouldly;
global using Xunit;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// The longest tests wait for servers that start again: two at a time.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
