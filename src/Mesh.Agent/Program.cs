using Mesh.Agent.Commands;

return await AgentCommand.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
