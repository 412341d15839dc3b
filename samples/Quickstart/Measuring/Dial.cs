namespace Quickstart.Measuring;

/// <summary>Somebody in this process opened a connection, or tried to.</summary>
/// <param name="At">When that ended.</param>
/// <param name="Port">Where to.</param>
internal readonly record struct Dial(TimeSpan At, int Port);
