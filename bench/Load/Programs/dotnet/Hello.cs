using System.Collections.Generic;
using System.IO;

namespace Hello;

/// <summary>The function; the program of the same assembly is the floor: what .NET itself takes to start.</summary>
public sealed class Function
{
    public Dictionary<string, string> Handle(Stream input) => new() { ["message"] = "hello" };

    public static int Main() => 0;
}
