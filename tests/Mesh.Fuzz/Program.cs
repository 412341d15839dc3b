using Mesh.Fuzz.Cases;

return args is ["fuzz", .. var rest]
    ? FuzzCommand.Run(rest, Console.Out)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
