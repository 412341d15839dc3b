namespace Mesh.Client.Redis.Connections;

/// <summary>Why a trip to Redis brought no answer, in words that may be logged.</summary>
internal sealed class RedisTripException(string message) : Exception(message);
